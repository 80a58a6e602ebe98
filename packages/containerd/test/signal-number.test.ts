import { expect, test } from "bun:test";
import { signalNumber } from "../src/signal-number.ts";

test.each([
  ["SIGTERM", 15],
  ["SIGKILL", 9],
  [1, 1],
  [64, 64],
])("%p is %i", (signal, number) => {
  expect(signalNumber(signal)).toBe(number);
});

test.each(["TERM", "", "toString", 0, -1, 65, 1.5, Number.NaN])("%p is refused", (signal) => {
  expect(() => signalNumber(signal)).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT" }) as unknown as Error,
  );
});
