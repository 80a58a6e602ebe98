import { describe, expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { rawMode } from "../src/index.ts";
import { openFds } from "./support/open-fds.ts";
import { Pty } from "./support/pty.ts";
import { TerminalChild } from "./support/terminal-child.ts";
import { invalidArgument } from "./support/invalid-argument.ts";
import { thrown, until } from "@taskio/test-support";

/** Settings that no default is, to be restored exactly. */
const unusual = [
  "-ixany",
  "erase",
  "^H",
  "intr",
  "^X",
  "-onlcr",
  "tostop",
  "min",
  "3",
  "time",
  "7",
];

async function unusualPty(): Promise<Pty> {
  const pty = new Pty();
  await pty.stty(...unusual);
  return pty;
}

test("sets what cfmakeraw sets, and restores every setting", async () => {
  using pty = await unusualPty();
  const before = pty.settings;
  const described = await pty.describe();
  {
    using _raw = rawMode(pty.slave);
    const flags = (await pty.describe()).split(/[\s;]+/);
    for (const flag of "ignbrk brkint parmrk istrip inlcr igncr icrnl ixon opost".split(" ")) {
      expect(flags).toContain(`-${flag}`);
    }
    for (const flag of "echo echonl icanon isig iexten parenb".split(" ")) {
      expect(flags).toContain(`-${flag}`);
    }
    expect(flags).toContain("cs8");
    expect((await pty.describe()).replace(/\s+/g, " ")).toContain("min = 1; time = 0;");
  }
  expect(pty.settings).toEqual(before);
  expect(await pty.describe()).toBe(described);
});

test("restoring twice is fine, and touches no later settings", async () => {
  using pty = await unusualPty();
  const raw = rawMode(pty.slave);
  raw.restore();
  await pty.stty("-echo");
  const later = pty.settings;
  raw.restore();
  raw[Symbol.dispose]();
  expect(pty.settings).toEqual(later);
});

test.each([
  ["in order", [0, 1]],
  ["in reverse", [1, 0]],
])("entered twice, left %s: the last one restores", async (_, order) => {
  using pty = await unusualPty();
  const before = pty.settings;
  const other = openSync(pty.path, "r+");
  const modes = [rawMode(pty.slave), rawMode(other)];
  const raw = pty.settings;
  modes[order[0]!]!.restore();
  modes[order[0]!]!.restore();
  expect(pty.settings).toEqual(raw);
  modes[order[1]!]!.restore();
  expect(pty.settings).toEqual(before);
  closeSync(other);
});

test("the caller's fd may be closed, and its number reused, before the restore", async () => {
  using pty = await unusualPty();
  using bystander = await unusualPty();
  const before = pty.settings;
  const other = bystander.settings;
  const theirs = openSync(pty.path, "r+");
  using raw = rawMode(theirs);
  closeSync(theirs);
  const others = [openSync(bystander.path, "r+")];
  while (!others.includes(theirs)) others.push(openSync(bystander.path, "r+"));
  raw.restore();
  expect(pty.settings).toEqual(before);
  expect(bystander.settings).toEqual(other);
  others.forEach((fd) => closeSync(fd));
});

test("a terminal that has hung up is restored in silence", async () => {
  using pty = new Pty();
  const raw = rawMode(pty.slave);
  pty.hangUp();
  raw.restore();
});

test("leaves no fd, no listener", () => {
  using pty = new Pty();
  const signals = ["SIGHUP", "SIGINT", "SIGTERM", "SIGCONT", "exit"] as const;
  const listeners = () => signals.map((signal) => process.listenerCount(signal));
  const before = [openFds(pty.path), listeners()];
  rawMode(pty.slave).restore();
  expect([openFds(pty.path), listeners()]).toEqual(before);
});

test.each([-1, NaN, 9999])("fd %p is refused", (fd) => {
  expect(thrown(() => rawMode(fd))).toEqual(invalidArgument(`fd ${fd} is no terminal`));
});

describe("restored when the process ends", () => {
  interface End {
    readonly how: string;
    readonly kill?: NodeJS.Signals;
    readonly closeStdout?: boolean;
    readonly end: number | NodeJS.Signals;
  }

  const ends: End[] = [
    { how: "exit", end: 7 },
    { how: "return", end: 0 },
    { how: "restore", end: 0 },
    { how: "throw", end: 1 },
    { how: "throw later", end: 1 },
    { how: "reject", end: 1 },
    { how: "wait", kill: "SIGTERM", end: "SIGTERM" },
    { how: "wait", kill: "SIGHUP", end: "SIGHUP" },
    { how: "wait", kill: "SIGINT", end: "SIGINT" },
    { how: "wait", kill: "SIGQUIT", end: "SIGQUIT" },
    { how: "wait", kill: "SIGUSR1", end: "SIGUSR1" },
    { how: "wait", kill: "SIGALRM", end: "SIGALRM" },
    { how: "write to a broken pipe", closeStdout: true, end: 1 },
    {
      how: "write to a broken pipe, with SIGPIPE at its default",
      closeStdout: true,
      end: 1,
    },
    { how: "listen to SIGTERM", kill: "SIGTERM", end: 5 },
  ];

  const named = ends.map((end) => [[end.how, end.kill].filter(Boolean).join(" "), end] as const);

  describe.each(["stdin", "/dev/tty"])("as %s", (terminal) => {
    test.each(named)("%s", async (_, { how, kill, closeStdout, end }) => {
      using pty = await unusualPty();
      const before = pty.settings;
      const described = await pty.describe();
      await using child = new TerminalChild(pty, {
        script: ["raw-child.ts", how, terminal],
        ...(terminal === "/dev/tty" && { shell: 'exec "$@" </dev/null' }),
      });
      await child.says("raw");
      if (kill) expect(pty.settings).not.toEqual(before);
      if (closeStdout) await child.closeStdout();
      if (kill) child.kill(kill);
      expect(await child.end()).toBe(end);
      expect(pty.settings).toEqual(before);
      expect(await pty.describe()).toBe(described);
    });
  });
});

test("what is typed ahead survives the restore", async () => {
  using pty = new Pty();
  await using child = new TerminalChild(pty, { script: ["raw-child.ts", "wait", "0"] });
  await child.says("raw");
  pty.type("ls\r");
  await until(() => pty.readable === 3, "it is in the terminal");
  child.kill("SIGTERM");
  await child.end();
  expect(await pty.drain(3)).toBe("ls\r");
});

test("under nohup a SIGHUP does nothing, and a SIGTERM is the end", async () => {
  using pty = await unusualPty();
  const before = pty.settings;
  await using child = new TerminalChild(pty, {
    script: ["raw-child.ts", "wait", "0"],
    shell: 'trap "" HUP; exec "$@"',
  });
  await child.says("raw");
  child.kill("SIGHUP");
  await Bun.sleep(200);
  expect(pty.settings).not.toEqual(before);
  child.kill("SIGTERM");
  expect(await child.end()).toBe("SIGTERM");
  expect(pty.settings).toEqual(before);
});

test("after a stop, SIGCONT makes the terminal raw again", async () => {
  using pty = await unusualPty();
  const before = pty.settings;
  await using child = new TerminalChild(pty, { script: ["raw-child.ts", "wait", "0"] });
  await child.says("raw");
  const raw = pty.settings;
  child.kill("SIGSTOP");
  pty.settings = before; // as a shell does
  child.kill("SIGCONT");
  await until(() => Buffer.compare(pty.settings, raw) === 0, "the terminal is raw");
  child.kill("SIGTERM");
  expect(await child.end()).toBe("SIGTERM");
  expect(pty.settings).toEqual(before);
});

test("in the background the terminal is left to the shell, and the end is not held up", async () => {
  using pty = await unusualPty();
  await using child = new TerminalChild(pty, {
    script: ["raw-child.ts", "exit in the background", "0"],
    shell: '"$@"; echo "ended $?"',
  });
  await child.says("ended 0");
  expect((await pty.describe()).split(/\s+/)).toContain("-icanon");
});
