import { expect, test } from "bun:test";
import { until } from "@taskio/test-support";
import { isAlive, TestRuntime } from "./support/test-runtime.ts";

test("exec: streams, exit codes, environment and folder of the task", async () => {
  await using taskio = new TestRuntime();
  const args = ["run", "-d", "--name", "one", "-e", "A=task", "-w", "/usr", "--", "sleep", "600"];
  await taskio.ok(...args);
  const exec = (flags: string[], script: string, stdin?: string) =>
    taskio.run(["exec", ...flags, "one", "--", "sh", "-c", script], { stdin });
  expect(await exec([], "echo out; echo err >&2; exit 3")).toEqual({
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
  expect((await exec([], "echo $A; pwd")).stdout).toBe("task\n/usr\n");
  expect((await exec(["-e", "A=mine", "-w", "/"], "echo $A; pwd")).stdout).toBe("mine\n/\n");
  expect((await exec(["-w", "bin"], "pwd")).stdout).toBe("/usr/bin\n");
  expect((await exec(["-i"], "cat", "typed")).stdout).toBe("typed");
  expect((await exec(["-i"], "cat", "")).exitCode).toBe(0);
  expect((await taskio.run(["exec", "one", "pwd"])).stdout).toBe("/usr\n");
  const asUser = await taskio.run(["exec", "-u", "33", "one", "id"]);
  expect(asUser).toMatchObject({ exitCode: 125, stdout: "" });
  expect(asUser.stderr).toMatch(/^taskio: --user needs containerd: .*\n$/);
});

test("exec: TERM is the task's, with -t ours where it has none, and what -e gives over both", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "with", "-e", "TERM=vt100", "--", "sleep", "600");
  await taskio.ok("run", "-d", "--name", "none", "--", "sleep", "600");
  const term = async (...args: string[]) =>
    (await taskio.ok("exec", ...args, "printenv", "TERM")).trim();
  expect(await term("with")).toBe("vt100");
  expect(await term("-t", "with")).toBe("vt100");
  expect(await term("-t", "none")).toBe("xterm");
  expect(await term("-e", "TERM=ansi", "with")).toBe("ansi");
  expect(await term("-t", "-e", "TERM=ansi", "none")).toBe("ansi");
  expect((await taskio.run(["exec", "none", "printenv", "TERM"])).exitCode).toBe(1);
});

test("exec: 126 and 127, and a task that isn't running", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "one", "--", "sleep", "600");
  const codeOf = async (command: string) =>
    (await taskio.run(["exec", "one", "--", command])).exitCode;
  expect(await codeOf("no-such-command")).toBe(127);
  expect(await codeOf("/etc")).toBe(126);
  const nowhere = await taskio.run(["exec", "-w", "/not/there", "one", "--", "true"]);
  expect(nowhere).toMatchObject({ exitCode: 126, stdout: "" });
  await taskio.ok("kill", "one");
  await taskio.untilState("one", "stopped");
  const late = await taskio.run(["exec", "one", "--", "true"]);
  expect(late).toEqual({
    exitCode: 125,
    stdout: "",
    stderr: 'taskio: the task "one" is not running\n',
  });
});

test("exec kills its command when nobody reads any more, and the task goes on", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "one", "--", "sleep", "600");
  const args = [...taskio.command, "exec", "one", "sh", "-c", "echo $$; exec sleep 600"];
  const child = Bun.spawn(["bash", "-c", 'set -o pipefail; "$@" | head -1', "-", ...args], {
    env: { ...taskio.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = Number(await child.stdout.text());
  expect(await child.exited).toBe(141);
  await until(() => !isAlive(pid));
  expect((await taskio.list())[0]!.state).toBe("running");
});

test("exec that nobody reads any more leaves nothing, however long its runtime takes", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--io", "null", "--name", "one", "--", "sleep", "600");
  const { pid } = JSON.parse(await taskio.ok("info", "--json")) as { pid: number };
  const args = [...taskio.command, "exec", "one", "sh", "-c", "echo up; exec sleep 600"];
  const child = Bun.spawn(args, { env: { ...taskio.env }, stdio: ["ignore", "pipe", "inherit"] });
  const reader = child.stdout.getReader();
  await reader.read();
  process.kill(pid, "SIGSTOP");
  await reader.cancel();
  await Bun.sleep(1000);
  process.kill(pid, "SIGCONT");
  expect(await child.exited).toBe(141);
  expect(taskio.leftovers()).toEqual([]);
});

test("exec -d leaves the command in the background", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "one", "--", "sleep", "600");
  const path = `${taskio.dir}/made`;
  const ended = await taskio.run([
    "exec",
    "-d",
    "one",
    "--",
    "sh",
    "-c",
    `sleep 0.2; touch ${path}`,
  ]);
  expect(ended).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  await until(() => Bun.file(path).exists());
  expect((await taskio.run(["exec", "-dt", "one", "--", "true"])).exitCode).toBe(125);
});
