import { connect } from "@taskio/containerd";
import { hubSocketPath } from "@taskio/fifo/holders";
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "@taskio/test-support";
import { endHub } from "./support/end-hub.ts";
import { RunningCommand } from "./support/running-command.ts";
import { stepwise } from "./support/stepwise.ts";
import { isAlive, TestRuntime } from "./support/test-runtime.ts";
import { typesOn } from "./support/types-on.ts";

test.each(["SIGKILL", "SIGTERM"] as const)(
  "a hub that got %s: the next attach starts another one, and nothing that was not read is lost",
  async (signal) => {
    await using taskio = new TestRuntime();
    const { script, open, taken } = stepwise(taskio, "echo one", "echo two", "echo three; exit 3");
    await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
    await until(async () => (await taskio.ok("logs", "it")) === "one\n");
    await endHub(taskio, signal);
    expect(await taskio.list()).toMatchObject([{ state: "running", hub: "dead" }]);
    expect(await taskio.ok("ls")).toMatch(/hub \(dead\)\n$/);
    const info = JSON.parse(await taskio.ok("info", "--json"));
    expect(info).toMatchObject({ tasks: 1, running: 1, hubs: 0 });
    await open(1);
    await taken(1); // nobody reads
    const viewer = new RunningCommand(taskio.spawn(["attach", "it"]));
    await viewer.sees("two\n");
    expect(taskio.hubs()).toHaveLength(1);
    expect(JSON.parse(await taskio.ok("info", "--json"))).toMatchObject({ hubs: 1 });
    await open(2);
    expect(await viewer.ended()).toEqual({ exitCode: 3, stdout: "two\nthree\n", stderr: "" });
    expect(await taskio.ok("logs", "it")).toBe("one\ntwo\nthree\n");
    await taskio.ok("rm", "it");
    expect(taskio.leftovers()).toEqual([]);
    expect(readdirSync(join(taskio.dir, "fifo"))).toEqual([]);
  },
);

test("however many attach to a task whose hub was killed, one hub is started", async () => {
  await using taskio = new TestRuntime();
  const { script, open } = stepwise(taskio, "echo one", "echo two; exit 3");
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  await until(async () => (await taskio.ok("logs", "it")) === "one\n");
  await endHub(taskio, "SIGKILL");
  const viewers = Array.from({ length: 3 }, () => taskio.run(["attach", "it"]));
  await taskio.untilHub("it", "running");
  await open(1);
  const { stderr, exitCode } = await viewers[0]!;
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 3 });
  for (const viewer of viewers)
    expect(await viewer).toMatchObject({ stdout: "two\n", exitCode: 3 });
  await until(() => taskio.hubs().length === 1, "the others are gone");
});

test("who is attached when the hub is killed is told how to come back; logs starts one too", async () => {
  await using taskio = new TestRuntime();
  const { script, open } = stepwise(taskio, "echo one", "echo two; exit 3");
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  const viewer = new RunningCommand(taskio.spawn(["attach", "it"]));
  await viewer.sees("one\n");
  await endHub(taskio, "SIGKILL");
  const { exitCode, stderr } = await viewer.ended();
  expect(exitCode).toBe(125);
  expect(stderr).toMatch(
    /^taskio: the hub of the task "it" .*, come back with "taskio attach it"\n$/,
  );
  const logs = new RunningCommand(taskio.spawn(["logs", "-f", "it"]));
  await logs.sees("one\n");
  await taskio.untilHub("it", "running");
  await endHub(taskio, "SIGKILL"); // once more, while it is followed
  await open(1);
  expect(await logs.ended()).toEqual({ exitCode: 0, stdout: "one\ntwo\n", stderr: "" });
});

test("stdin goes on at the next hub: nothing that was typed is lost, or there twice", async () => {
  await using taskio = new TestRuntime();
  await typesOn(taskio, "it");
});

test("the output of an ended task whose hub was killed before is still there", async () => {
  await using taskio = new TestRuntime();
  const { script, open } = stepwise(taskio, "echo one", "echo two; exit 3");
  await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
  await until(async () => (await taskio.ok("logs", "it")) === "one\n");
  await endHub(taskio, "SIGKILL");
  await open(1);
  await taskio.untilState("it", "stopped");
  expect(await taskio.run(["attach", "it"])).toEqual({ exitCode: 3, stdout: "two\n", stderr: "" });
  expect(await taskio.ok("logs", "it")).toBe("one\ntwo\n");
});

test("rm removes what a killed hub left", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "it", "--", "sleep", "600");
  await endHub(taskio, "SIGKILL");
  await taskio.ok("rm", "-f", "it");
  expect(taskio.leftovers()).toEqual([]);
  expect(readdirSync(join(taskio.dir, "fifo"))).toEqual([]);
});

test("doctor names tasks that have lost their hub, and removes what it left", async () => {
  await using taskio = new TestRuntime();
  for (const name of ["runs", "ended"]) {
    const script = name === "runs" ? "sleep 600" : "exit 2";
    await taskio.ok("run", "-d", "--name", name, "--", "sh", "-c", script);
    expect((await taskio.run(["doctor"])).stdout).toMatch(/^✓ +hubs +1 task has its hub$/m);
    await endHub(taskio, "SIGKILL");
  }
  await taskio.untilState("ended", "stopped");
  const found = await taskio.run(["doctor"]);
  expect(found.exitCode).toBe(1);
  expect(found.stdout.match(/^! .*$/gm)).toEqual([
    expect.stringMatching(
      / no hub +the task "runs" has lost its hub: "taskio attach runs" starts /,
    ),
  ]);
  const { healthy, withoutHub } = JSON.parse((await taskio.run(["doctor", "--json"])).stdout);
  expect({ healthy, withoutHub }).toEqual({
    healthy: false,
    withoutHub: [{ namespace: "default", id: "runs", name: "runs" }],
  });
  const fifo = (await taskio.list()).find(({ id }) => id === "runs")!.stdout;
  await using client = await connect({ address: join(taskio.dir, "taskd.sock") });
  await (await client.loadTask("runs")).delete({ kill: true }); // as others do
  mkdirSync(dirname(fifo), { recursive: true, mode: 0o700 });
  if (!existsSync(hubSocketPath(fifo))) leaveSocket(hubSocketPath(fifo));
  const now = ["doctor", "--older-than", "0"];
  expect((await taskio.run(now)).stdout).toContain(` ${dirname(fifo)} (runs-hub.sock), unchanged `);
  expect(await taskio.run([...now, "--fix"])).toMatchObject({ exitCode: 0 });
  expect(existsSync(dirname(fifo))).toBe(false);
});

/** A socket at which nobody listens, as after a kill. */
function leaveSocket(path: string): void {
  const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))`;
  Bun.spawnSync([process.execPath, "-e", script, path]);
}

test.each(["SIGKILL", "SIGTERM"] as const)(
  "a hub outlives its runtime, which gets %s, and hears of the task's end from the next one",
  async (signal) => {
    await using taskio = new TestRuntime();
    const { script, open } = stepwise(taskio, "echo one", "echo two", "exit 3");
    await taskio.ok("run", "-d", "--name", "it", "--", "sh", "-c", script);
    const { pid } = JSON.parse(await taskio.ok("info", "--json")) as { pid: number };
    const log = join(taskio.dir, "tasks/default/it/output.log");
    process.kill(pid, signal);
    await until(() => !isAlive(pid));
    await open(1);
    await until(() => readFileSync(log, "utf8").includes("two"), "the log has it"); // nobody is there
    await open(2);
    await taskio.untilState("it", "stopped");
    expect(await taskio.run(["attach", "it"])).toMatchObject({ stdout: "one\ntwo\n" });
    expect(readdirSync(dirname(log))).toEqual(["output.log"]); // the hub had nothing to say
    await taskio.ok("rm", "it");
    await until(() => taskio.hubs().length === 0, "the hub has ended");
    expect(existsSync(log)).toBe(false);
  },
);

test("a command that is killed before it has made its task leaves no hub", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("ls");
  const fifos = join(taskio.dir, "fifo/x");
  Bun.spawnSync(["mkdir", "-p", fifos]);
  Bun.spawnSync(["mkfifo", join(fifos, "it-stdout"), join(fifos, "it-stderr")]);
  const spec = {
    address: join(taskio.dir, "taskd.sock"),
    namespace: "default",
    id: "it",
    config: {
      terminal: false,
      stdin: "",
      stdout: join(fifos, "it-stdout"),
      stderr: join(fifos, "it-stderr"),
    },
    log: join(taskio.dir, "tasks/default/it/output.log"),
  };
  const hub = Bun.spawn([...taskio.command, "__hub"], {
    env: { ...taskio.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  hub.stdin.write(`${JSON.stringify(spec)}\n`);
  await hub.stdin.flush();
  const { value } = await hub.stdout.getReader().read();
  expect(JSON.parse(new TextDecoder().decode(value))).toEqual({ type: "ready" });
  await hub.stdin.end(); // as when it is killed
  expect(await hub.exited).toBe(0);
  expect(readdirSync(join(taskio.dir, "fifo"))).toEqual([]);
  expect(existsSync(join(taskio.dir, "tasks"))).toBe(false);
});
