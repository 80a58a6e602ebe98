import { afterAll, expect, test } from "bun:test";
import { packJSON, typeURL } from "@taskio/containerd/proto";
import { taskIO } from "./support/task-io.ts";
import { env, TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

const missing = Bun.which("ctr")
  ? process.geteuid!() === 0
    ? undefined
    : "ctr makes its FIFOs in /run/containerd/fifo, which takes root"
  : "ctr is not installed (apt-get install containerd)";
if (missing) console.warn(`ctr tests are skipped: ${missing}`);
const withCtr = test.skipIf(missing !== undefined);
const children: Bun.Subprocess[] = [];
afterAll(() => {
  for (const child of children) child.kill(9);
});

function ctr(runtime: TestRuntime, args: string[], stdin: "ignore" | "pipe" = "ignore") {
  const command = ["ctr", "--address", runtime.address, "--namespace", "test", ...args];
  const child = Bun.spawn(command, { stdin, stdout: "pipe", stderr: "pipe" });
  children.push(child);
  return child;
}

async function output(runtime: TestRuntime, ...args: string[]): Promise<string> {
  const child = ctr(runtime, args);
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return `${stdout}${stderr}`;
}

withCtr("version, containers, tasks, plugins, and what there isn't", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  const pid = await runtime.start("t1");
  expect(await output(runtime, "version")).toMatch(
    /Server:\n\s+Version:\s+\S+\n\s+Revision: taskd/,
  );
  expect(await output(runtime, "container", "ls")).toMatch(/^t1 .* taskd/m);
  expect(await output(runtime, "task", "ls")).toMatch(new RegExp(`^t1\\s+${pid}\\s+RUNNING`, "m"));
  expect(await output(runtime, "task", "ps", "t1")).toContain(String(pid));
  expect(await output(runtime, "container", "info", "t1")).toContain('"sleep"');
  expect(await output(runtime, "namespace", "ls")).toContain("test");
  expect(await output(runtime, "task", "pause", "t1")).toContain("not implemented");
  expect(await output(runtime, "image", "ls")).toContain("not implemented");
});

withCtr("kill and delete", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  expect(await output(runtime, "task", "kill", "-s", "SIGINT", "t1")).toBe("");
  expect(await runtime.wait("t1")).toBe(130);
  expect(await output(runtime, "task", "ls")).toMatch(/^t1 .*STOPPED/m);
  expect(await ctr(runtime, ["task", "delete", "t1"]).exited).toBe(0);
  expect((await runtime.tasks.list({})).tasks).toEqual([]);
  expect(await output(runtime, "container", "delete", "t1")).toBe("");
  expect((await runtime.containers.list({})).containers).toEqual([]);
});

withCtr("exec: output, stdin, exit code", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  const child = ctr(
    runtime,
    ["task", "exec", "--exec-id", "e1", "t1", "sh", "-c", "head -n 1; exit 5"],
    "pipe",
  );
  const text = child.stdout.text();
  await until(
    async () => (await runtime.tasks.listPids({ containerId: "t1" })).processes.length > 1,
    "the exec runs",
  );
  (child.stdin as import("bun").FileSink).write("typed\n");
  (child.stdin as import("bun").FileSink).end();
  expect(await child.exited).toBe(5);
  expect(await text).toBe("typed\n");
});

withCtr("attach: the output that was missed, and the exit code", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1");
  await client.io.detach();
  await runtime.task(
    "t1",
    ["sh", "-c", "echo missed; sleep 1; echo seen; exit 6"],
    client.io.config,
  );
  await runtime.start("t1");
  await Bun.sleep(200);
  const child = ctr(runtime, ["task", "attach", "t1"]);
  const text = child.stdout.text();
  expect(await child.exited).toBe(6);
  expect(await text).toBe("missed\nseen\n");
  expect((await runtime.tasks.list({})).tasks).toEqual([]); // ctr deletes what it has seen end
});

withCtr("start: ctr makes the streams", async () => {
  await using runtime = await TestRuntime.start();
  const process = { args: ["echo", "started"], env, cwd: "/", user: { uid: 0, gid: 0 } };
  const spec = packJSON(typeURL.spec, { ociVersion: "1.0.2", process, root: { path: "/" } });
  await runtime.containers.create({ container: { id: "t1", runtime: { name: "taskd" }, spec } });
  const child = ctr(runtime, ["task", "start", "t1"]);
  const [stdout, stderr] = [child.stdout.text(), child.stderr.text()];
  expect([await child.exited, await stdout, await stderr]).toEqual([0, "started\n", ""]);
});
