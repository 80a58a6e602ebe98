import { TaskIOError } from "@taskio/core";
import { expect, test } from "bun:test";
import { onResize, setWindowSize, type WindowSize } from "../src/index.ts";
import { Pty } from "./support/pty.ts";
import { TerminalChild } from "./support/terminal-child.ts";
import { invalidArgument } from "./support/invalid-argument.ts";
import { thrown, until } from "@taskio/test-support";

// The pty is not this process's own terminal: the kernel's SIGWINCH is sent by hand.
const winch = () => process.kill(process.pid, "SIGWINCH");

function resize(pty: Pty, columns: number): void {
  setWindowSize(pty.master, { columns, rows: 24 });
  winch();
}

test("the kernel's signal, in a process of its own", async () => {
  using pty = new Pty();
  await using child = new TerminalChild(pty, { script: ["resize-child.ts"] });
  await child.says("ready 0 ");
  setWindowSize(pty.master, { columns: 101, rows: 33 });
  await child.says("101x33\n");
  setWindowSize(pty.master, { columns: 80, rows: 24 });
  await child.says("80x24\n");
  expect(child.said).toMatch(/^ready 0 \d+\n101x33\n80x24\n$/);
});

test("what changed in the background, where there is no SIGWINCH, is told at SIGCONT", async () => {
  using pty = new Pty();
  await using child = new TerminalChild(pty, {
    script: ["resize-child.ts", "background"],
    shell: '"$@"; true', // the shell stays in the foreground
  });
  await child.says("ready 0 ");
  setWindowSize(pty.master, { columns: 101, rows: 33 });
  await Bun.sleep(50);
  expect(child.said).not.toContain("101x33");
  const pid = Number(child.said.split(/\s/)[2]);
  process.kill(pid, "SIGCONT"); // as fg does
  await child.says("101x33\n");
  process.kill(pid, "SIGKILL");
});

test("a signal without a change tells nothing", async () => {
  using pty = new Pty();
  const sizes: number[] = [];
  using _resizes = onResize(pty.slave, ({ columns }) => void sizes.push(columns));
  winch();
  await Bun.sleep(20);
  resize(pty, 10);
  await until(() => sizes.length > 0, "the size is told");
  winch();
  await Bun.sleep(20);
  expect(sizes).toEqual([10]);
});

test("one call at a time: of the sizes during a call only the last is told", async () => {
  using pty = new Pty();
  const sizes: number[] = [];
  let go = () => {};
  using _resizes = onResize(pty.slave, async ({ columns }) => {
    sizes.push(columns);
    await new Promise<void>((resolve) => (go = resolve));
  });
  resize(pty, 10);
  await until(() => sizes.length === 1, "the first is told");
  for (const columns of [11, 12, 13]) {
    resize(pty, columns);
    await Bun.sleep(10);
  }
  expect(sizes).toEqual([10]);
  go();
  await until(() => sizes.length === 2, "the last is told");
  go();
  await Bun.sleep(20);
  expect(sizes).toEqual([10, 13]);
});

test("n#2182: a call that failed is made again at the next signal", async () => {
  using pty = new Pty();
  const calls: WindowSize[] = [];
  const errors: unknown[] = [];
  const failure = new Error("not started yet");
  const listener = (size: WindowSize) => {
    if (calls.push(size) === 1) throw failure;
  };
  using _resizes = onResize(pty.slave, listener, { onError: (error) => errors.push(error) });
  resize(pty, 10);
  await until(() => errors.length === 1, "it has failed");
  expect(errors).toEqual([failure]);
  winch();
  await until(() => calls.length === 2, "it is called again");
  expect(calls[1]).toEqual({ columns: 10, rows: 24 });
});

test("a task that is gone is told no more", async () => {
  using pty = new Pty();
  const before = process.listenerCount("SIGWINCH");
  let calls = 0;
  using _resizes = onResize(pty.slave, async () => {
    calls++;
    throw new TaskIOError("NOT_FOUND", "no such task");
  });
  resize(pty, 10);
  await until(() => process.listenerCount("SIGWINCH") === before, "the listener is gone");
  resize(pty, 11);
  await Bun.sleep(20);
  expect(calls).toBe(1);
});

test("dispose ends it, also during a call, and leaves no listener", async () => {
  using pty = new Pty();
  const before = [process.listenerCount("SIGWINCH"), process.listenerCount("SIGCONT")];
  let calls = 0;
  let go = () => {};
  const resizes = onResize(pty.slave, async () => {
    calls++;
    await new Promise<void>((resolve) => (go = resolve));
  });
  resize(pty, 10);
  await until(() => calls === 1, "it is called");
  resize(pty, 11);
  resizes[Symbol.dispose]();
  resizes[Symbol.dispose]();
  go();
  resize(pty, 12);
  await Bun.sleep(20);
  expect(calls).toBe(1);
  expect([process.listenerCount("SIGWINCH"), process.listenerCount("SIGCONT")]).toEqual(before);
});

test("a terminal that has hung up tells nothing", async () => {
  using pty = new Pty();
  let calls = 0;
  using _resizes = onResize(pty.slave, () => void calls++);
  pty.hangUp();
  winch();
  await Bun.sleep(20);
  expect(calls).toBe(0);
});

test("what is no terminal is refused", () => {
  expect(thrown(() => onResize(9999, () => {}))).toEqual(invalidArgument("fd 9999"));
});
