import { connect } from "@taskio/containerd";
import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { env } from "node:process";
import { until } from "@taskio/test-support";
import { TestRuntime } from "./support/test-runtime.ts";

test("run -d prints the id and keeps the output for logs", async () => {
  await using taskio = new TestRuntime();
  const script = "echo out; echo err >&2; printf end; exit 5";
  const ended = await taskio.run(["run", "-d", "--name", "bg", "--", "sh", "-c", script]);
  expect(ended).toEqual({ exitCode: 0, stdout: "bg\n", stderr: "" });
  expect(await taskio.ok("wait", "bg")).toBe("5\n");
  const printed = { exitCode: 0, stdout: "out\nend", stderr: "err\n" };
  expect(await taskio.run(["logs", "bg"])).toEqual(printed);
  expect(await taskio.run(["logs", "-f", "bg"])).toEqual(printed);
  expect(await taskio.list()).toMatchObject([{ id: "bg", hub: "running" }]);
  await taskio.ok("rm", "bg");
  expect(taskio.leftovers()).toEqual([]);
});

test("logs -f follows until the task ends", async () => {
  await using taskio = new TestRuntime();
  const script = "for i in 1 2 3 4 5; do echo $i; sleep 0.2; done";
  await taskio.ok("run", "-d", "--name", "bg", "--", "sh", "-c", script);
  expect(await taskio.ok("logs", "-f", "bg")).toBe("1\n2\n3\n4\n5\n");
});

test("attach to a file says where the output is", async () => {
  await using taskio = new TestRuntime();
  const file = `file://${taskio.dir}/bg.txt`;
  await taskio.ok("run", "-d", "--io", file, "--name", "bg", "--", "true");
  const ended = await taskio.run(["attach", "bg"]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toBe(
    'taskio: the output of the task "bg" goes to a file: see it with "taskio logs bg"\n',
  );
});

test("what is proposed to be called next reaches the same namespace", async () => {
  await using taskio = new TestRuntime();
  const there = ["--namespace", "blue"];
  const next = (line: string) => `"taskio --namespace blue ${line}"\n`;
  const file = `file://${taskio.dir}/bg.txt`;
  await taskio.ok(...there, "run", "-d", "--io", file, "--name", "bg", "--", "sleep", "600");
  const table: [string[], string][] = [
    [["attach", "bg"], "logs bg"],
    [["rm", "bg"], "rm -f bg"],
    [["run", "--name", "bg", "true"], "rm bg"],
    [["wait", "ghost"], "ls"],
    [["run", "-d", "--io", "fifo", "--name", "held", "true"], "attach held"],
    [["logs", "held"], "attach held"],
  ];
  for (const [args, line] of table) {
    const { stderr } = await taskio.run([...there, ...args]);
    expect({ args, stderr }).toEqual({ args, stderr: expect.stringContaining(next(line)) });
  }
  for (const id of ["bg", "held"]) await taskio.ok(...there, "rm", "-f", id);
});

test("attach waits for a task that is just being started, and says so where nobody does it", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("ls");
  await using client = await connect({ address: join(taskio.dir, "taskd.sock") });
  const script = "until [ -e left ]; do sleep 0.05; done; echo up; exit 3";
  const process = { args: ["sh", "-c", script], cwd: taskio.dir, env: [`PATH=${env.PATH}`] };
  const spec = { ociVersion: "1.0.2", process, root: { path: "/" } };
  const fifoDir = join(taskio.dir, "fifo");
  const creator = newCreator(
    withStreams(undefined, () => {}),
    withFIFODir(fifoDir),
  );
  await client.containers.create({ id: "new", spec });
  const attached = taskio.run(["attach", "new"]);
  await Bun.sleep(500);
  const task = await client.createTask("new", { creator });
  await Bun.sleep(500);
  await task.start();
  await task.detach();
  await Bun.write(join(taskio.dir, "left"), "");
  expect(await attached).toEqual({ exitCode: 3, stdout: "up\n", stderr: "" });
  await client.containers.create({ id: "idle", spec });
  await client.createTask("idle", { creator });
  const refused = await taskio.run(["attach", "idle"]);
  expect(refused).toMatchObject({ exitCode: 125, stdout: "" });
  expect(refused.stderr).toMatch(/^taskio: the task "idle" is not started yet: try again, .*\n$/);
});

test("--io fifo holds the output until somebody attaches, and says so", async () => {
  await using taskio = new TestRuntime();
  const script = ["--", "sh", "-c", "seq 1 1000; exit 4"];
  const args = ["run", "-dt", "--io", "fifo", "--name", "held", ...script];
  const ended = await taskio.run(args);
  expect(ended).toMatchObject({ exitCode: 0, stdout: "held\n" });
  expect(ended.stderr).toMatch(/^taskio: its output is held, .*"taskio attach held"\n$/);
  await taskio.untilState("held", "stopped");
  const attached = await taskio.run(["attach", "held"]);
  const numbers = Array.from({ length: 1000 }, (_, at) => `${at + 1}\r\n`).join("");
  expect(attached).toEqual({ exitCode: 4, stdout: numbers, stderr: "" });
  expect(await taskio.run(["attach", "held"])).toEqual({ exitCode: 4, stdout: "", stderr: "" });
});

test("run -di --io fifo keeps stdin for one attach after the other", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok(
    "run",
    "-di",
    "--io",
    "fifo",
    "--name",
    "cat",
    "--",
    "sh",
    "-c",
    "read a; echo got $a; read b; echo got $b; exit 6",
  );
  const first = taskio.spawn(["attach", "cat"], { stdin: "one\n" });
  const reader = first.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("got one\n");
  await Bun.sleep(500); // a socket's bytes are dropped from the FIFO only after they were sent
  first.kill("SIGKILL");
  await first.exited;
  const second = await taskio.run(["attach", "cat"], { stdin: "two\n" });
  expect(second).toEqual({ exitCode: 6, stdout: "got two\n", stderr: "" });
});

test("output waits bounded: a task that writes more goes on when somebody attaches", async () => {
  await using taskio = new TestRuntime();
  const args = ["run", "-d", "--io", "fifo", "--name", "held", "--", "seq", "1", "500000"];
  await taskio.ok(...args);
  await Bun.sleep(500);
  expect((await taskio.list())[0]!.state).toBe("running");
  const { stdout, exitCode } = await taskio.run(["attach", "held"]);
  expect(exitCode).toBe(0);
  expect(stdout.length).toBe(3_388_895);
  expect(stdout.endsWith("\n500000\n")).toBe(true);
});

test("a second attach is refused, the first goes on", async () => {
  await using taskio = new TestRuntime();
  const args = [
    "run",
    "-d",
    "--io",
    "fifo",
    "--name",
    "one",
    "--",
    "sh",
    "-c",
    "echo up; sleep 60",
  ];
  await taskio.ok(...args);
  const first = taskio.spawn(["attach", "one"]);
  await first.stdout.getReader().read();
  const second = await taskio.run(["attach", "one"]);
  expect(second).toMatchObject({ exitCode: 125, stdout: "" });
  expect(second.stderr).toMatch(/^taskio: somebody else is attached to the task "one".*\n$/);
  await taskio.ok("kill", "one");
  expect(await first.exited).toBe(137);
});

test("a client that is killed loses nothing, and repeats nothing in a file", async () => {
  await using taskio = new TestRuntime();
  const script = "for i in $(seq 1 100); do echo $i; sleep 0.02; done";
  const file = Bun.file(join(taskio.dir, "first"));
  const args = [...taskio.command, "run", "--name", "one", "--", "sh", "-c", script];
  const env = { ...taskio.env };
  const first = Bun.spawn(args, { env, stdio: ["ignore", file, "ignore"] });
  await until(async () => (await Bun.file(file.name!).text()).length > 20);
  first.kill("SIGKILL");
  await first.exited;
  const second = await taskio.run(["attach", "one"]);
  const numbers = Array.from({ length: 100 }, (_, at) => `${at + 1}\n`).join("");
  expect((await Bun.file(file.name!).text()) + second.stdout).toBe(numbers);
});
