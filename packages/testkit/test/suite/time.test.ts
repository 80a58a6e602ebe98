import { describe, expect, test } from "bun:test";
import { expectPending, settledValue, until, within } from "../../src/suite/time.ts";

describe("time", () => {
  test("within settles as the promise, or says what did not", async () => {
    expect(await within("it", Promise.resolve(1))).toBe(1);
    await expect(within("it", Promise.reject(new Error("no")))).rejects.toThrow("no");
    const never = new Promise(() => {});
    await expect(within("the copy", never, 10)).rejects.toThrow(
      "the copy did not settle within 10 ms",
    );
  });

  test("expectPending tells a promise that settles", async () => {
    await expectPending("it", new Promise(() => {}));
    await expect(expectPending("it", Promise.resolve())).rejects.toThrow("it settled too early");
    await expect(expectPending("it", Promise.reject(new Error()))).rejects.toThrow("too early");
  });

  test("settledValue gives the value that stays", async () => {
    let value = 0;
    const timer = setInterval(() => void (value < 5 && value++), 10);
    expect(await settledValue(() => value)).toBe(5);
    clearInterval(timer);
  });

  test("until waits for its condition", async () => {
    let done = false;
    setTimeout(() => (done = true), 10);
    await until("it is done", () => done);
    expect(done).toBe(true);
  });
});
