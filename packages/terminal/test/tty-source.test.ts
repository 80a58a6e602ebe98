import { newMemoryIO, withStreams } from "@taskio/core";
import { describe, expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { rawMode, ttySource } from "../src/index.ts";
import { text } from "./support/latin1.ts";
import { openFds } from "./support/open-fds.ts";
import { Pty } from "./support/pty.ts";
import { invalidArgument } from "./support/invalid-argument.ts";
import { thrown, until } from "@taskio/test-support";

test("gives what is typed, as it is typed", async () => {
  using pty = new Pty();
  using _raw = rawMode(pty.slave);
  using input = ttySource(pty.slave);
  const reader = input.getReader();
  for (const keys of ["a", "\x03", "\x1b[A", "\r\n\x00\xff"]) {
    const read = reader.read();
    await Bun.sleep(1);
    pty.type(keys);
    expect(Buffer.from((await read).value!).toString()).toBe(keys);
  }
});

test("a byte that nobody asked for stays in the terminal", async () => {
  using pty = new Pty();
  using _raw = rawMode(pty.slave);
  using input = ttySource(pty.slave);
  pty.type("first");
  expect(text((await input.getReader().read()).value!)).toBe("first");
  pty.type("second");
  await Bun.sleep(50);
  expect(await pty.drain(6)).toBe("second");
});

test("a byte that came after its reader had left stays in the terminal", async () => {
  using pty = new Pty();
  using _raw = rawMode(pty.slave);
  using input = ttySource(pty.slave);
  const reader = input.getReader();
  const read = reader.read().catch((error: unknown) => error);
  await Bun.sleep(20);
  reader.releaseLock();
  expect(await read).toBeInstanceOf(TypeError);
  pty.type("for the shell");
  await Bun.sleep(50);
  expect(await pty.drain(13)).toBe("for the shell");
  const again = input.getReader().read();
  pty.type("for the next");
  expect(text((await again).value!)).toBe("for the next");
});

test("a task that ends leaves what is typed to the shell", async () => {
  using pty = new Pty();
  using _raw = rawMode(pty.slave);
  using input = ttySource(pty.slave);
  const memory = newMemoryIO();
  const io = await memory.newCreator(withStreams(input, () => {}))("t");
  pty.type("task");
  for await (const chunk of memory.task("t").stdin) {
    expect(text(chunk)).toBe("task");
    break;
  }
  memory.task("t").exit();
  await io.wait();
  await io.close();
  pty.type("shell");
  await Bun.sleep(50);
  expect(await pty.drain(5)).toBe("shell");
});

test("a paste of 300 KB arrives whole, through the terminal's 4 KiB", async () => {
  using pty = new Pty();
  using _raw = rawMode(pty.slave);
  using input = ttySource(pty.slave);
  const paste = Array.from({ length: 50_000 }, (_, line) => `${line}\n`).join("");
  let got = "";
  const typing = (async () => {
    for (let at = 0; at < paste.length; at += 1000) {
      await until(() => at - got.length < 3000, "the paste is read");
      pty.type(paste.slice(at, at + 1000));
    }
  })();
  for await (const chunk of input) {
    got += text(chunk);
    if (got.length >= paste.length) break;
  }
  await typing;
  expect(got === paste).toBe(true);
});

describe("the end", () => {
  test("^D at the start of a line, in a terminal that is not raw", async () => {
    using pty = new Pty();
    using input = ttySource(pty.slave);
    pty.type("a line\n\x04");
    expect(await new Response(input).text()).toBe("a line\n");
  });

  test("a ^D is a byte like others in raw mode", async () => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    using input = ttySource(pty.slave);
    pty.type("\x04");
    expect(text((await input.getReader().read()).value!)).toBe("\x04");
  });

  test.each(["while it is waited for", "before it is asked for"])("a hang-up %s", async (when) => {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    using input = ttySource(pty.slave);
    const reader = input.getReader();
    const early = when.startsWith("while") ? reader.read() : undefined;
    await Bun.sleep(20);
    pty.hangUp();
    expect(await (early ?? reader.read())).toEqual({ done: true, value: undefined });
  });
});

describe("frees what it holds", () => {
  async function expectFreed(use: (pty: Pty) => Promise<void>): Promise<void> {
    using pty = new Pty();
    using _raw = rawMode(pty.slave);
    const before = openFds(pty.path);
    await use(pty);
    expect(openFds(pty.path)).toBe(before);
  }

  test("at dispose, also twice and while it waits", () =>
    expectFreed(async (pty) => {
      const input = ttySource(pty.slave);
      const read = input.getReader().read();
      await Bun.sleep(20);
      input[Symbol.dispose]();
      input[Symbol.dispose]();
      expect(read).rejects.toMatchObject({ name: "TaskIOError", code: "CLOSED" });
      pty.type("left");
      expect(await pty.drain(4)).toBe("left");
    }));

  test("at dispose, never read", () =>
    expectFreed(async (pty) => ttySource(pty.slave)[Symbol.dispose]()));

  test("at cancel", () =>
    expectFreed(async (pty) => {
      await ttySource(pty.slave).cancel();
    }));

  test("at the end", () =>
    expectFreed(async (pty) => {
      await pty.stty("icanon", "eof", "^d");
      pty.type("\x04");
      expect(await new Response(ttySource(pty.slave)).text()).toBe("");
    }));
});

test("the caller's fd may be closed, and keeps its flags", async () => {
  using pty = new Pty();
  using _raw = rawMode(pty.slave);
  const theirs = openSync(pty.path, "r+");
  using input = ttySource(theirs);
  const flags = await Bun.file(`/proc/self/fdinfo/${theirs}`).text();
  expect(flags).toMatch(/flags:\s+0\d*2$/m); // O_RDWR, and not O_NONBLOCK
  closeSync(theirs);
  pty.type("x");
  expect(text((await input.getReader().read()).value!)).toBe("x");
});

describe("refused", () => {
  test.each([-1, 1.5, NaN, 9999])("fd %p", (fd) => {
    expect(thrown(() => ttySource(fd))).toEqual(invalidArgument(`fd ${fd} is no terminal`));
  });

  test("a file", () => {
    const fd = openSync("/dev/null", "r");
    expect(thrown(() => ttySource(fd))).toEqual(invalidArgument("is no terminal"));
    closeSync(fd);
  });

  test("a pseudo-terminal's master side, of which another one would be opened", () => {
    using pty = new Pty();
    const before = openFds("/dev/ptmx");
    expect(thrown(() => ttySource(pty.master))).toEqual(invalidArgument("master side"));
    expect(openFds("/dev/ptmx")).toBe(before);
  });
});
