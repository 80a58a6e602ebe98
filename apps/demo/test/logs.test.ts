import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseTime } from "../src/cli/parse-time.ts";
import { until } from "@taskio/test-support";
import { RunningCommand } from "./support/running-command.ts";
import { stepwise } from "./support/stepwise.ts";
import { command, TestRuntime } from "./support/test-runtime.ts";

test("logs --tail, --stream, --timestamps", async () => {
  await using taskio = new TestRuntime();
  const script =
    "for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.05; done; printf 'no '; sleep 0.1; printf end";
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  await taskio.ok("wait", "it");
  const logs = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await taskio.run(["logs", ...args, "it"]);
    expect(exitCode).toBe(0);
    return { stdout, stderr };
  };
  const out = "out 1\nout 2\nout 3\nno end";
  expect(await logs()).toEqual({ stdout: out, stderr: "err 1\nerr 2\nerr 3\n" });
  expect(await logs("--tail", "all", "--stream", "stdout")).toEqual({ stdout: out, stderr: "" });
  expect(await logs("-n", "2", "--stream", "stderr")).toEqual({
    stdout: "",
    stderr: "err 2\nerr 3\n",
  });
  expect(await logs("--tail", "-1", "--stream", "stdout")).toEqual({ stdout: out, stderr: "" });
  expect(await logs("--tail", "0")).toEqual({ stdout: "", stderr: "" });
  const { stdout } = await logs("--timestamps", "--stream", "stdout");
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (.*)$/;
  expect(
    stdout
      .split("\n")
      .map((line) => time.exec(line)?.[1])
      .join("\n"),
  ).toBe(out);
  expect(stdout.endsWith("no end")).toBe(true);
});

test("logs --since and --until, as RFC 3339, seconds, or how long ago", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", "echo one; sleep 2.2; echo two");
  await taskio.ok("wait", "it");
  const timed = await taskio.ok("logs", "-t", "it");
  const first = timed.split(" ")[0]!;
  const middle = new Date((Math.floor(Date.parse(first) / 1000) + 2) * 1000); // a whole second, as `local` has no part of one
  const seconds = String(middle.getTime() / 1000);
  const local = `${middle.getFullYear()}-${inTwo(middle.getMonth() + 1)}-${inTwo(middle.getDate())}T${middle.toTimeString().slice(0, 8)}`;
  for (const time of [middle.toISOString(), seconds, local]) {
    expect(await taskio.ok("logs", "--since", time, "it")).toBe("two\n");
    expect(await taskio.ok("logs", "--until", time, "it")).toBe("one\n");
  }
  expect(await taskio.ok("logs", "--since", first, "--until", first, "it")).toBe("one\n");
  expect(await taskio.ok("logs", "--since", "1h30m", "it")).toBe("one\ntwo\n");
  expect(await taskio.ok("logs", "--until", "10m", "it")).toBe("");
});

const inTwo = (number: number) => String(number).padStart(2, "0");

test("logs -f begins with --tail, and ends with --until or the task", async () => {
  await using taskio = new TestRuntime();
  const { script, open } = stepwise(taskio, "seq 1 5", "seq 6 8");
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  await until(async () => (await taskio.ok("logs", "it")).endsWith("5\n"));
  const logs = new RunningCommand(taskio.spawn(["logs", "-f", "--tail", "2", "it"]));
  await logs.sees("4\n5\n");
  await open(1);
  expect(await logs.ended()).toMatchObject({ exitCode: 0, stdout: "4\n5\n6\n7\n8\n" });
  await taskio.ok("run", "-d", "--name", "goes-on", "--", "sh", "-c", "echo up; exec sleep 600");
  await until(async () => (await taskio.ok("logs", "goes-on")) === "up\n");
  const soon = new Date(Date.now() + 1500).toISOString();
  expect(await taskio.ok("logs", "-f", "--until", soon, "goes-on")).toBe("up\n");
});

test("a log is rotated, printed as one, and removed as one", async () => {
  await using taskio = new TestRuntime();
  const line = "x".repeat(1000);
  const script = `i=0; while [ $i -lt 15000 ]; do i=$((i+1)); echo $i ${line}; done`;
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  await taskio.ok("wait", "it");
  const folder = join(taskio.dir, "tasks/default/it");
  const { stdout } = await taskio.run(["logs", "it"]);
  const numbers = stdout.split("\n").map((one) => Number(one.split(" ")[0]));
  expect(numbers).toEqual([...Array.from({ length: 15_000 }, (_, at) => at + 1), 0]);
  expect(readdirSync(folder).sort()).toEqual(["output.log", "output.log.1"]);
  expect(await taskio.ok("logs", "--tail", "1", "it")).toBe(`15000 ${line}\n`);
  await taskio.ok("rm", "it");
  expect(taskio.leftovers()).toEqual([]);
});

test("a terminal's output is printed as it is", async () => {
  await using taskio = new TestRuntime();
  const script = "printf 'a\\rb\\033[31mred\\033[0m\\n'; echo err >&2";
  await taskio.ok("run", "-dt", "--name", "it", "--", "sh", "-c", script);
  await taskio.ok("wait", "it");
  const all = { exitCode: 0, stdout: "a\rb\x1b[31mred\x1b[0m\r\nerr\r\n", stderr: "" };
  expect(await taskio.run(["logs", "it"])).toEqual(all);
});

test("a plain file: its last lines, and one line about what it does not keep", async () => {
  await using taskio = new TestRuntime();
  const path = join(taskio.dir, "plain.txt");
  writeFileSync(path, "before\n");
  const args = ["run", "-d", "--io", `file://${path}`, "--name", "it", "--", "seq", "1", "9"];
  await taskio.ok(...args);
  await taskio.ok("wait", "it");
  expect(await taskio.ok("logs", "--tail", "2", "it")).toBe("8\n9\n");
  expect(await taskio.ok("logs", "-f", "--tail", "1", "it")).toBe("9\n");
  expect(await taskio.ok("logs", "it")).toStartWith("before\n1\n");
  for (const option of ["--since=1h", "--until=1h", "--timestamps", "--stream=stderr"]) {
    const ended = await taskio.run(["logs", option, "it"]);
    expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
    const name = option.split("=")[0];
    expect(ended.stderr).toMatch(new RegExp(`^taskio: .* a plain file, .*: leave ${name} out\n$`));
  }
});

test.each([
  [["--tail", "x"], 'invalid --tail "x": give a number of lines, or all'],
  [["--stream", "x"], 'invalid --stream "x": give stdout or stderr'],
  [["--since", "soon"], 'invalid --since "soon": give a time such as '],
  [["--until", "10"], "--since 1m is after --until 10: "],
])("logs %p is refused", async (args, message) => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["logs", "--since", "1m", ...args, "it"]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toStartWith(`taskio: ${message}`);
});

test("times are docker's", () => {
  const now = Date.parse("2026-01-02T15:04:05.000Z");
  const before = (ns: bigint) => BigInt(now) * 1_000_000n - ns;
  const table: [string, bigint][] = [
    ["2026-01-02T15:04:05Z", before(0n)],
    ["2026-01-02T16:04:05.000000001+01:00", before(-1n)],
    ["2026-01-02T15:04Z", before(5_000_000_000n)],
    ["2026-01-02T15Z", before(245_000_000_000n)],
    ["2026-01-02Z", before(54_245_000_000_000n)],
    ["1h30m", before(5_400_000_000_000n)],
    ["1.5h", before(5_400_000_000_000n)],
    ["1m0.5s2ms3µs4ns", before(60_502_003_004n)],
    ["1767366245", before(0n)],
    ["1767366245.25", before(-250_000_000n)],
  ];
  for (const [text, time] of table) {
    expect([text, parseTime("--since", text, now)]).toEqual([text, time]);
  }
  for (const text of ["", "2026-13-01", "2026-01-02T25:00Z", "1d", "-5m", "m"]) {
    expect(() => parseTime("--since", text, now)).toThrow(`invalid --since "${text}"`);
  }
});

test("a log that can't grow costs lines of the log and nothing else, and that is told beside it", async () => {
  const limited = ["sh", "-c", 'ulimit -f 64; exec "$@"', "-", ...command]; // 32 KiB a file, as a full disk
  await using taskio = new TestRuntime(limited);
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", "seq 1 20000; exit 4");
  expect(await taskio.ok("wait", "it")).toBe("4\n");
  const all = Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join("");
  const viewed = await taskio.run(["attach", "it"]);
  expect(viewed).toEqual({ exitCode: 4, stdout: all, stderr: "" });
  const logged = await taskio.ok("logs", "it");
  expect(logged.length).toBeGreaterThan(1000);
  expect(all.startsWith(logged)).toBe(true);
  const report = readFileSync(join(taskio.dir, "tasks/default/it/hub.log"), "utf8");
  expect(report).toMatch(/^\S+Z \d+ bytes are not in the log so far: .*EFBIG/);
  await taskio.ok("rm", "it");
  expect(taskio.leftovers()).toEqual([]);
});
