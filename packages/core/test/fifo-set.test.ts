import { expect, test } from "bun:test";
import { load, newFIFOSet } from "../src/index.ts";

const config = { terminal: false, stdin: "", stdout: "/x/o", stderr: "/x/e" };

test("a set has a config of its own, which cannot be changed", () => {
  const given = { ...config };
  const set = newFIFOSet(given);
  given.stdout = "/other";
  expect(set.config).toEqual(config);
  expect(Object.isFrozen(set.config)).toBe(true);
  expect(Object.isFrozen(given)).toBe(false);
});

test("closing runs the close function once, by dispose too", async () => {
  let closed = 0;
  {
    await using set = newFIFOSet(config, () => void closed++);
    await Promise.all([set.close(), set.close()]);
  }
  expect(closed).toBe(1);
});

test("a close function that throws rejects, and so it does again", async () => {
  const error = new Error("busy");
  const set = newFIFOSet(config, () => {
    throw error;
  });
  await expect(set.close()).rejects.toBe(error);
  await expect(set.close()).rejects.toBe(error);
});

test("without a close function closing does nothing", async () => {
  expect(await newFIFOSet(config).close()).toBeUndefined();
});

test("load gives an IO that copies nothing and closes the set", async () => {
  let closed = 0;
  const io = load(newFIFOSet(config, () => void closed++));
  expect(io.config).toEqual(config);
  expect(await io.wait()).toEqual({});
  expect(await io.stdinDone).toBeUndefined();
  expect(closed).toBe(0);
  await io.close();
  await io.close();
  expect(closed).toBe(1);
});

test("load and detach keep the set", async () => {
  let closed = 0;
  const io = load(newFIFOSet(config, () => void closed++));
  expect(await io.detach()).toEqual({});
  await io.close();
  expect(closed).toBe(0);
});

test("load passes on what closing the set threw", async () => {
  const error = new Error("busy");
  const io = load(newFIFOSet(config, () => Promise.reject(error)));
  await expect(io.close()).rejects.toBe(error);
});
