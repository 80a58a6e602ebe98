import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import type { Output } from "../src/streams/output.ts";
import { TerminalStreams } from "../src/streams/terminal-streams.ts";

const output: Output = { open: () => expect.unreachable(), ended() {}, async close() {} };
const openFds = (): number => readdirSync("/proc/self/fd").length;

test("a terminal that can't be given its size leaves no fd", () => {
  const make = () =>
    new TerminalStreams(undefined, output, {
      height: 1,
      get width(): number {
        throw new Error("no such size");
      },
    });
  expect(make).toThrow("no such size"); // what is loaded once is loaded
  const before = openFds();
  for (let i = 0; i < 3; i++) expect(make).toThrow("no such size");
  expect(openFds()).toBe(before);
});
