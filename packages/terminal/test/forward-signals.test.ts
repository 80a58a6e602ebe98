import { TaskIOError } from "@taskio/core";
import { describe, expect, test } from "bun:test";
import { constants } from "node:os";
import { forwardedSignals, forwardSignals } from "../src/index.ts";
import { Pty } from "./support/pty.ts";
import { TerminalChild } from "./support/terminal-child.ts";
import { invalidArgument } from "./support/invalid-argument.ts";
import { thrown, until } from "@taskio/test-support";

const send = (signal: NodeJS.Signals) => process.kill(process.pid, signal);
const never = [
  "SIGCHLD",
  "SIGURG",
  "SIGPIPE",
  "SIGWINCH",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
] as const;

describe("a client in a process of its own", () => {
  async function startClient(pty: Pty, shell?: string): Promise<TerminalChild> {
    const child = new TerminalChild(pty, {
      script: ["forward-child.ts"],
      ...(shell !== undefined && { shell }),
    });
    await child.says("ready\n");
    return child;
  }

  test("forwards each of the list, and lives on", async () => {
    using pty = new Pty();
    await using child = await startClient(pty);
    for (const signal of forwardedSignals.filter((name) => name !== "SIGUSR2")) {
      child.kill(signal);
      await child.says(`${signal}\n`);
    }
  });

  test("c#4532, m#2749: never forwards what is about the client itself", async () => {
    using pty = new Pty();
    await using child = await startClient(pty);
    for (const signal of never) child.kill(signal); // a session's leader is not stopped by SIGTSTP
    await Bun.sleep(100);
    child.kill("SIGTERM");
    await child.says("SIGTERM\n");
    expect(child.said).toBe("ready\nSIGTERM\n");
  });

  test("c#4532: stops when the task is gone, and signals are the client's own again", async () => {
    using pty = new Pty();
    await using child = await startClient(pty);
    child.kill("SIGINT");
    await child.says("SIGINT\n");
    child.kill("SIGUSR2");
    await child.says("over\n");
    child.kill("SIGINT");
    expect(await child.end()).toBe("SIGINT");
    expect(child.said).toBe("ready\nSIGINT\nSIGUSR2\nover\n");
  });

  test("^C at its terminal reaches the task", async () => {
    using pty = new Pty();
    await using child = await startClient(pty);
    pty.type("\x03");
    await child.says("SIGINT\n");
  });

  test("a signal that is ignored stays so", async () => {
    using pty = new Pty();
    await using child = await startClient(pty, 'trap "" HUP; exec "$@"');
    child.kill("SIGHUP");
    child.kill("SIGTERM");
    await child.says("SIGTERM\n");
    expect(child.said).not.toContain("SIGHUP");
  });
});

test("the list holds what the system has, and none of the never-forwarded", () => {
  for (const signal of forwardedSignals) expect(constants.signals[signal]).toBeGreaterThan(0);
  expect(forwardedSignals.filter((signal) => never.includes(signal as never))).toEqual([]);
});

test("one after another, and one that waits is sent once", async () => {
  const sent: string[] = [];
  let go = () => {};
  using _forwarding = forwardSignals(async (signal) => {
    sent.push(signal);
    await new Promise<void>((resolve) => (go = resolve));
  });
  send("SIGUSR1");
  await until(() => sent.length === 1, "the first is sent");
  for (const signal of ["SIGUSR2", "SIGUSR1", "SIGUSR2", "SIGUSR1"] as const) {
    send(signal);
    await Bun.sleep(5);
  }
  for (let count = 2; count <= 3; count++) {
    go();
    await until(() => sent.length === count, "the next is sent");
  }
  go();
  await Bun.sleep(20);
  expect(sent).toEqual(["SIGUSR1", "SIGUSR2", "SIGUSR1"]);
});

test("what waits when the task is gone is not sent", async () => {
  const before = process.listenerCount("SIGUSR1");
  const sent: string[] = [];
  const first = Promise.withResolvers<void>();
  using _forwarding = forwardSignals(async (signal) => {
    sent.push(signal);
    await first.promise;
  });
  send("SIGUSR1");
  await until(() => sent.length === 1, "the first is sent");
  send("SIGUSR2");
  await Bun.sleep(20);
  first.reject(new TaskIOError("NOT_FOUND", "no such task"));
  await until(() => process.listenerCount("SIGUSR1") === before, "it has stopped");
  await Bun.sleep(20);
  expect(sent).toEqual(["SIGUSR1"]);
});

test("other failures are told, and forwarding goes on", async () => {
  const failures: unknown[] = [];
  const failure = new TaskIOError("UNAVAILABLE", "busy");
  using _forwarding = forwardSignals(
    () => {
      throw failure;
    },
    { signals: ["SIGUSR1"], onError: (error, signal) => failures.push([signal, error]) },
  );
  for (let count = 1; count <= 2; count++) {
    send("SIGUSR1");
    await until(() => failures.length === count, "it is told");
  }
  expect(failures).toEqual([
    ["SIGUSR1", failure],
    ["SIGUSR1", failure],
  ]);
});

test("without onError a failure is a warning", async () => {
  const warnings: unknown[] = [];
  const listener = (warning: Error) => void warnings.push(warning);
  process.on("warning", listener);
  const failure = new Error("busy");
  using _forwarding = forwardSignals(async () => Promise.reject(failure));
  send("SIGUSR1");
  await until(() => warnings.length === 1, "it is a warning");
  expect(warnings).toEqual([failure]);
  process.off("warning", listener);
});

test("only the chosen ones, and none after dispose", async () => {
  const count = () => forwardedSignals.map((signal) => process.listenerCount(signal));
  const before = count();
  const sent: string[] = [];
  const forwarding = forwardSignals((signal) => void sent.push(signal), {
    signals: ["SIGCONT", "SIGCONT"],
  });
  send("SIGCONT");
  await until(() => sent.length === 1, "it is sent");
  expect(process.listenerCount("SIGINT")).toBe(before[1]!);
  forwarding[Symbol.dispose]();
  forwarding[Symbol.dispose]();
  send("SIGCONT");
  await Bun.sleep(20);
  expect(sent).toEqual(["SIGCONT"]);
  expect(count()).toEqual(before);
});

test.each([...never, "SIGKILL", "SIGPWR", "TERM", "", undefined])("%p is refused", (signal) => {
  const before = process.listenerCount("SIGTERM");
  const run = () => forwardSignals(() => {}, { signals: ["SIGTERM", signal as never] });
  expect(thrown(run)).toEqual(invalidArgument(`signal ${JSON.stringify(signal)} cannot be`));
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
