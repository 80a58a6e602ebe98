import { describe, expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { thrown } from "@taskio/test-support";
import { isTerminal, setWindowSize, windowSize } from "../src/index.ts";
import { Pty } from "./support/pty.ts";
import { invalidArgument } from "./support/invalid-argument.ts";

test("n#2182: a new terminal is 0 x 0, and as it was set from either side", async () => {
  using pty = new Pty();
  expect(windowSize(pty.slave)).toEqual({ columns: 0, rows: 0 });
  setWindowSize(pty.master, { columns: 101, rows: 33 });
  expect(windowSize(pty.slave)).toEqual({ columns: 101, rows: 33 });
  setWindowSize(pty.slave, { columns: 65_535, rows: 1 });
  expect(windowSize(pty.master)).toEqual({ columns: 65_535, rows: 1 });
  expect((await pty.describe()).replace(/\s+/g, " ")).toContain("rows 1; columns 65535;");
});

test.each([-1, 1.5, 65_536, NaN, "80" as never])("%p columns or rows are refused", (length) => {
  using pty = new Pty();
  const set = (size: { columns: number; rows: number }) => () => setWindowSize(pty.slave, size);
  expect(thrown(set({ columns: length, rows: 1 }))).toEqual(
    invalidArgument(`invalid number of columns ${length}`),
  );
  expect(thrown(set({ columns: 1, rows: length }))).toEqual(
    invalidArgument(`invalid number of rows ${length}`),
  );
});

describe("what is no terminal", () => {
  test("a file", () => {
    const fd = openSync("/dev/null", "r");
    expect(isTerminal(fd)).toBe(false);
    expect(thrown(() => windowSize(fd))).toEqual(invalidArgument(`fd ${fd} is no terminal`));
    expect(thrown(() => setWindowSize(fd, { columns: 1, rows: 1 }))).toEqual(
      invalidArgument(`fd ${fd} is no terminal`),
    );
    closeSync(fd);
  });

  test.each([-1, 1.5, NaN, 9999, 2 ** 32, "0" as never])("fd %p", (fd) => {
    expect(isTerminal(fd)).toBe(false);
    expect(thrown(() => windowSize(fd))).toEqual(invalidArgument("is no terminal"));
  });

  test("both sides of a pseudo-terminal are, until it hangs up", () => {
    using pty = new Pty();
    expect([isTerminal(pty.master), isTerminal(pty.slave)]).toEqual([true, true]);
    pty.hangUp();
    expect(isTerminal(pty.slave)).toBe(false);
    expect(thrown(() => windowSize(pty.slave))).toEqual(invalidArgument("hung up"));
  });
});
