import { connect } from "@taskio/containerd";
import { newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
import { newHubAttach } from "@taskio/hub";
import { expect, test } from "bun:test";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { until } from "@taskio/test-support";
import { attachedLater } from "./support/attached-later.ts";
import { RunningCommand } from "./support/running-command.ts";
import { isAlive, TestRuntime } from "./support/test-runtime.ts";
import { untilFile } from "./support/until-file.ts";
import { untilSize } from "./support/until-size.ts";

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`).join("");

test("run -d: the task never waits, and whoever attaches gets the last output and the exit code", async () => {
  await using taskio = new TestRuntime();
  const script = "seq 1 500000; echo rest >&2; exit 4";
  const started = await taskio.run(["run", "-d", "--name", "big", "--", "sh", "-c", script]);
  expect(started).toEqual({ exitCode: 0, stdout: "big\n", stderr: "" });
  await taskio.untilState("big", "stopped"); // with nobody there
  const { stdout } = await taskio.run(["logs", "big"]); // the hub has read all of it then
  expect(stdout === numbers(1, 500_000)).toBe(true);
  for (const args of [["big"], ["--read-only", "big"]]) {
    const { stdout, stderr, exitCode } = await taskio.run(["attach", ...args]);
    expect({ stderr, exitCode }).toEqual({ stderr: "rest\n", exitCode: 4 });
    expect(stdout.length).toBe(1 << 20);
    expect(numbers(1, 500_000).endsWith(stdout)).toBe(true);
  }
  await taskio.ok("rm", "big");
  expect(taskio.leftovers()).toEqual([]);
  expect(readdirSync(join(taskio.dir, "fifo"))).toEqual([]);
});

test("any number of viewers see all of it at once", async () => {
  await using taskio = new TestRuntime();
  const go = join(taskio.dir, "go");
  const script = `echo begin; ${untilFile(go)}; seq 1 20000; exit 3`;
  await taskio.ok("run", "-d", "--name", "seen", "--", "sh", "-c", script);
  const viewers = [["seen"], ["seen"], ["--read-only", "seen"]].map(
    (args) => new RunningCommand(taskio.spawn(["attach", ...args])),
  );
  for (const viewer of viewers) await viewer.sees("begin\n");
  await Bun.write(go, "");
  const all = `begin\n${numbers(1, 20_000)}`;
  for (const viewer of viewers) {
    expect(await viewer.ended()).toEqual({ exitCode: 3, stdout: all, stderr: "" });
  }
});

test("run -di: stdin is one viewer's at a time, and stays open for the next", async () => {
  await using taskio = new TestRuntime();
  const script = "read a; echo got $a; read b; echo got $b; exit 6";
  await taskio.ok("run", "-di", "--name", "two", "--", "sh", "-c", script);
  const first = taskio.spawn(["attach", "two"], { stdin: "one\n" });
  const typing = new RunningCommand(first);
  await typing.sees("got one\n");
  const refused = await taskio.run(["attach", "two"], { stdin: "no\n" });
  expect(refused).toMatchObject({ exitCode: 125, stdout: "" });
  expect(refused.stderr).toMatch(/^taskio: somebody else .*, look on with --read-only\n$/);
  const looking = new RunningCommand(taskio.spawn(["attach", "--read-only", "two"]));
  await looking.sees("got one\n");
  first.kill("SIGKILL");
  await first.exited;
  const all = { exitCode: 6, stdout: "got one\ngot two\n", stderr: "" };
  expect(await attachedLater(taskio, "two", "two\n")).toEqual(all);
  expect(await looking.ended()).toEqual(all);
});

test("--read-only passes nothing on: neither a signal nor a size", async () => {
  await using taskio = new TestRuntime();
  const gate = (at: string) => join(taskio.dir, `gate-${at}`);
  const show = `echo up; for at in seen left; do ${untilFile(gate("$at"))}; stty size; done`;
  const script = `trap 'echo got INT' INT; ${show}; while :; do sleep 0.05; done`;
  await taskio.ok("run", "-dit", "--name", "shown", "--", "sh", "-c", script);
  const looking = taskio.onTerminal("attach", "--read-only", "shown");
  await looking.sees("up\r");
  looking.resize(100, 40);
  await Bun.write(gate("seen"), "");
  await looking.sees("0 0\r");
  looking.type("\x03"); // a signal here: the terminal is not raw
  expect(await looking.exited()).toBe(130);
  await Bun.write(gate("left"), "");
  await until(async () => (await taskio.ok("logs", "shown")) === "up\r\n0 0\r\n0 0\r\n");
  expect((await taskio.list())[0]!.state).toBe("running");
});

test("run -dit: the terminal is left and come back to; what was shown is shown again", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-dit", "--name", "sh", "-e", "PS1=> ", "--", "sh");
  const first = taskio.onTerminal("attach", "sh");
  await first.sees("> ");
  first.type(`${untilSize("24 80")}; echo one\r`);
  await first.sees("24 80\r\none\r\n");
  first.type("\x10\x11");
  expect(await first.exited()).toBe(0);
  expect(first.screen).toContain('come back with "taskio attach sh"');
  const second = taskio.onTerminal("attach", "sh");
  await second.sees("24 80\r\none\r\n");
  second.resize(100, 40);
  second.type(`${untilSize("40 100")}\r`);
  await second.sees("40 100\r\n");
  second.type("exit 5\r");
  expect(await second.exited()).toBe(5);
  expect(await taskio.ok("logs", "sh")).toContain("24 80\r\none\r\n");
});

test("a viewer that is too slow misses something and is told; nobody else does", async () => {
  await using taskio = new TestRuntime();
  const [go, seen, read] = ["go", "seen", "read"].map((name) => join(taskio.dir, name));
  const script = `echo up; ${untilFile(go!)}; seq 1 5000000`;
  await taskio.ok("run", "-d", "--name", "much", "--", "sh", "-c", script);
  const later = `"$@" | { head -c 3 > ${seen}; ${untilFile(read!)}; cat ${seen} -; }`;
  await using reader = new TestRuntime(["sh", "-c", later, "-", ...taskio.command], taskio.dir);
  const slow = reader.run(["attach", "much"]);
  await until(() => existsSync(seen!) && statSync(seen!).size === 3, "the viewer is there");
  await Bun.write(go!, "");
  await taskio.untilState("much", "stopped");
  await Bun.write(read!, "");
  const { stdout, stderr, exitCode } = await slow;
  expect(exitCode).toBe(0);
  expect(stdout.endsWith("\n5000000\n")).toBe(true);
  const missed = /^taskio: (\d+) bytes of the output are missing here, .*"taskio logs much"\n$/;
  const [, bytes] = missed.exec(stderr)!;
  expect(stdout.length + Number(bytes)).toBe(3 + 38_888_896);
});

test("a task that can't be started leaves neither hub nor log nor FIFO", async () => {
  await using taskio = new TestRuntime();
  for (const flags of ["-d", "-di", "-dt"]) {
    const ended = await taskio.run(["run", flags, "--", "/no/such/command"]);
    expect(ended).toMatchObject({ exitCode: 127, stdout: "" });
    expect(taskio.leftovers()).toEqual([]);
    await until(() => taskio.hubs().length === 0, "there is no hub");
  }
  expect(readdirSync(join(taskio.dir, "fifo"))).toEqual([]);
  expect(existsSync(join(taskio.dir, "tasks"))).toBe(false);
});

test("what was left behind with the output is not waited for", async () => {
  await using taskio = new TestRuntime();
  const [up, gate] = ["up", "gate"].map((name) => join(taskio.dir, name));
  const behind = `setsid sh -c ': > ${up}; ${untilFile(gate!)}'`; // ends with the task before it is up
  const script = `echo begin; ${behind} & ${untilFile(up!)}; echo end; exit 2`;
  await taskio.ok("run", "-d", "--name", "left", "--", "sh", "-c", script);
  const attached = await taskio.run(["attach", "left"]);
  expect(attached).toMatchObject({ exitCode: 2, stdout: "begin\nend\n" });
  expect(attached.stderr).toContain("a process that was left behind still has the output");
  expect(await taskio.ok("logs", "-f", "left")).toBe("begin\nend\n");
  await taskio.ok("rm", "left");
  expect(taskio.leftovers()).toEqual([]);
  await Bun.write(gate!, "");
});

test("who is attached when the task is removed sees its end", async () => {
  await using taskio = new TestRuntime();
  const script = "trap 'echo here' CONT; echo up; while :; do sleep 0.05; done";
  await taskio.ok("run", "-d", "--name", "one", "--", "sh", "-c", script);
  const viewer = new RunningCommand(taskio.spawn(["attach", "one"]));
  await viewer.sees("up\n");
  await until(() => {
    viewer.kill("SIGCONT"); // passed on once it is there for the task's end, ignored before
    return viewer.has("here\n");
  }, "the viewer follows the task");
  await taskio.ok("rm", "-f", "one");
  const { exitCode, stdout, stderr } = await viewer.ended();
  expect({ exitCode, stderr }).toEqual({ exitCode: 137, stderr: "" });
  expect(stdout).toMatch(/^up\n(here\n)+$/);
});

test("hubs keep no runtime alive: it stops by itself after its last task", async () => {
  await using taskio = new TestRuntime(undefined, undefined, { TASKIO_TASKD_IDLE_MS: "300" });
  await taskio.ok("run", "-d", "--name", "one", "--", "sleep", "600");
  const { pid } = JSON.parse(await taskio.ok("info", "--json")) as { pid: number };
  await Bun.sleep(1000);
  expect(isAlive(pid)).toBe(true);
  await taskio.ok("rm", "-f", "one");
  await until(() => !isAlive(pid), "the runtime has ended");
  await until(() => taskio.hubs().length === 0, "there is no hub");
});

test("viewers of other programs: what they end and resize is the task's", async () => {
  await using taskio = new TestRuntime();
  const script = "cat; echo end; exit 4";
  await taskio.ok("run", "-di", "--name", "cat", "--", "sh", "-c", script);
  await using client = await connect({ address: join(taskio.dir, "taskd.sock") });
  const set = newFIFOSet((await client.tasks.get("cat")).config);
  let seen = "";
  const show = (chunk: Uint8Array) => void (seen += Buffer.from(chunk));
  const fifoDir = withFIFODir(join(taskio.dir, "fifo"));
  const attach = newHubAttach(withStreams(new Blob(["typed\n"]), show), fifoDir);
  await using io = await attach(set);
  await io.wait();
  expect(seen).toBe("typed\nend\n");
  expect(await taskio.ok("wait", "cat")).toBe("4\n");

  await taskio.ok("run", "-dit", "--name", "tty", "--", "sh");
  const { config } = await client.tasks.get("tty");
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const typing = writable.getWriter();
  seen = "";
  await using shell = await newHubAttach(withStreams(readable, show), fifoDir)(newFIFOSet(config));
  for (const [width, height] of [
    [99, 30],
    [100, 40],
  ] as const) {
    shell.resize({ width, height });
  }
  void typing.write(Buffer.from(`${untilSize("40 100")}; exit 5\n`));
  expect(await taskio.ok("wait", "tty")).toBe("5\n");
});
