import { newFIFOSet } from "@taskio/core";
import { expect, test } from "bun:test";
import { newDirectIOFromFIFOSet } from "../src/index.ts";

const config = { terminal: false, stdin: "/x/in", stdout: "/x/out", stderr: "" };

test("passes the caller's streams through and touches none", async () => {
  const events: string[] = [];
  const stdin = new WritableStream<Uint8Array>({
    abort: () => void events.push("abort"),
    close: () => void events.push("close"),
  });
  const stdout = new ReadableStream<Uint8Array>(
    { pull: () => void events.push("pull"), cancel: () => void events.push("cancel") },
    { highWaterMark: 0 },
  );
  let closed = 0;
  const set = newFIFOSet(config, () => void closed++);
  const io = newDirectIOFromFIFOSet({ stdin, stdout }, set);
  expect([io.stdin, io.stdout, io.stderr]).toEqual([stdin, stdout, undefined]);
  expect(io.config).toEqual(config);
  expect(await io.stdinDone).toBeUndefined();
  expect(await io.wait()).toEqual({});
  io.cancel();
  await io.close();
  await io.close();
  expect([closed, stdin.locked, stdout.locked, events]).toEqual([1, false, false, []]);
});

test("a detach keeps the set", async () => {
  let closed = 0;
  const io = newDirectIOFromFIFOSet(
    {},
    newFIFOSet(config, () => void closed++),
  );
  expect(await io.detach()).toEqual({});
  await io.close();
  expect(closed).toBe(0);
});
