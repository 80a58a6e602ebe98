import { describe, expect, test } from "bun:test";
import {
  newStreams,
  type Opt,
  withFIFODir,
  withStdio,
  withStreams,
  withTerminal,
} from "../src/index.ts";

test("no option gives no stream, no terminal and no folder", () => {
  expect(newStreams()).toEqual({ terminal: false, fifoDir: "" });
});

describe("an option", () => {
  const bytes = new Uint8Array(1);
  const sink = () => {};

  test("withStdio is the process's own fds", () => {
    expect(newStreams(withStdio)).toMatchObject({ stdin: 0, stdout: 1, stderr: 2 });
  });

  test("withStreams sets all three, and unsets what is undefined", () => {
    expect(newStreams(withStreams(bytes, sink, 2))).toMatchObject({
      stdin: bytes,
      stdout: sink,
      stderr: 2,
    });
    const { stdin, stdout, stderr } = newStreams(withStdio, withStreams(undefined, sink));
    expect([stdin, stdout, stderr]).toEqual([undefined, sink, undefined]);
  });

  test("withTerminal and withFIFODir set theirs and leave the streams", () => {
    const streams = newStreams(withStdio, withTerminal, withFIFODir("/run/x"));
    expect(streams).toEqual({ stdin: 0, stdout: 1, stderr: 2, terminal: true, fifoDir: "/run/x" });
  });

  test("of the caller's own is applied in its place", () => {
    const order: string[] = [];
    const own =
      (name: string): Opt =>
      (streams) => {
        order.push(name + streams.fifoDir);
        streams.fifoDir += name;
      };
    expect(newStreams(own("a"), own("b"), own("c")).fifoDir).toBe("abc");
    expect(order).toEqual(["a", "ba", "cab"]);
  });

  test("used twice gives each its own streams", () => {
    const first = newStreams(withStdio);
    first.stdout = sink;
    expect(newStreams(withStdio).stdout).toBe(1);
  });
});
