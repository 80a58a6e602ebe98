import { Code, ConnectError } from "@connectrpc/connect";
import { Status } from "@taskio/containerd/proto";
import { expect, test } from "bun:test";
import { taskIO } from "./support/task-io.ts";
import { env, TestRuntime } from "./support/test-runtime.ts";
import { codeOf } from "./support/code-of.ts";
import { until } from "@taskio/test-support";

test("a task from its creation to its deletion", async () => {
  await using runtime = await TestRuntime.start();
  const { tasks } = runtime;
  const before = runtime.fds();
  await using client = await taskIO(runtime.folder.path, "t1");
  await runtime.task("t1", ["sh", "-c", "echo out; echo err >&2; exit 3"], client.io.config);
  const get = async () => (await tasks.get({ containerId: "t1" })).process!;
  expect(await get()).toMatchObject({ containerId: "", id: "t1", pid: 0, status: Status.CREATED });
  const waiting = runtime.wait("t1");
  const pid = await runtime.start("t1");
  expect(pid).toBeGreaterThan(0);
  expect(await waiting).toBe(3);
  const result = await client.io.wait();
  expect(result.stdout).toMatchObject({ end: "eof", bytes: 4 });
  expect([client.stdout(), client.stderr()]).toEqual(["out\n", "err\n"]);
  expect(await get()).toMatchObject({ pid, status: Status.STOPPED, exitStatus: 3 });
  expect(await runtime.wait("t1")).toBe(3);
  const deleted = await tasks.delete({ containerId: "t1" });
  expect(deleted).toMatchObject({ id: "t1", pid, exitStatus: 3 });
  expect(await codeOf(tasks.wait({ containerId: "t1" }))).toBe(Code.NotFound);
  expect(await codeOf(tasks.get({ containerId: "t1" }))).toBe(Code.NotFound);
  await until(() => Bun.deepEquals(runtime.fds(), before), "its fds are closed");
});

test("args, environment, folder, argv[0], and a session of its own", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1");
  const script = 'echo "$0"; pwd; env | sort; ps -o sid= -p $$ | tr -d " "';
  await runtime.task("t1", ["sh", "-c", script], client.io.config, {
    env: [...env, "A=1=2"],
    cwd: "/usr",
  });
  const pid = await runtime.start("t1");
  await client.io.wait();
  expect(client.stdout().split("\n")).toEqual([
    "sh",
    "/usr",
    "A=1=2",
    "PATH=/usr/local/bin:/usr/bin:/bin",
    "PWD=/usr",
    String(pid),
    "",
  ]);
});

test("stdin by CloseIO, asked for before the start too", async () => {
  await using runtime = await TestRuntime.start();
  for (const [id, early] of [
    ["early", true],
    ["late", false],
  ] as const) {
    await using client = await taskIO(runtime.folder.path, id, {
      stdin: new Blob(["x".repeat(50_000)]),
    });
    await runtime.task(id, ["wc", "-c"], client.io.config);
    const closeIO = () => runtime.tasks.closeIO({ containerId: id, stdin: true });
    if (early) {
      await client.io.stdinDone;
      await closeIO();
    }
    await runtime.start(id);
    await client.io.stdinDone;
    await closeIO();
    await closeIO();
    expect(await runtime.wait(id)).toBe(0);
    await client.io.wait();
    expect(client.stdout()).toBe("50000\n");
  }
});

test("a client that leaves gives no end, and the next one gets the rest", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1", { stdin: new Blob(["one\n"]) });
  await runtime.task("t1", ["sh", "-c", "read a; echo $a; read b; echo $b"], client.io.config);
  await runtime.start("t1");
  await client.io.stdinDone;
  await until(() => client.stdout() === "one\n", "the first line");
  await client.io.detach();
  await Bun.write(Bun.file(client.io.config.stdin), "two\n");
  expect(await runtime.wait("t1")).toBe(0);
  expect(await Bun.file(client.io.config.stdout).text()).toBe("two\n");
});

test("output of a finished task is kept until it is deleted, and ends", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1");
  await client.io.detach();
  await runtime.task("t1", ["sh", "-c", "echo precious; echo too >&2"], client.io.config);
  await runtime.start("t1");
  await runtime.wait("t1");
  const { stderr, stdout } = client.io.config;
  // a blocking open, as of Go's client, and a read until the end
  const cat = Bun.spawn(["cat", stdout, stderr], { stdout: "pipe" });
  expect(await cat.stdout.text()).toBe("precious\ntoo\n");
});

test("kill: exit codes of signals, the whole session, and what is over", async () => {
  await using runtime = await TestRuntime.start();
  const { tasks } = runtime;
  for (const signal of [1, 2, 9, 15]) {
    const containerId = `by${signal}`;
    await runtime.task(containerId, ["sleep", "100"]);
    await runtime.start(containerId);
    await tasks.kill({ containerId, signal });
    expect(await runtime.wait(containerId)).toBe(128 + signal);
    expect(await codeOf(tasks.kill({ containerId, signal }))).toBe(Code.NotFound);
  }
  await runtime.task("all", ["sh", "-c", "trap '' TERM; sleep 100 & wait"]);
  await runtime.start("all");
  await until(
    async () => (await tasks.listPids({ containerId: "all" })).processes.length === 2,
    "the session has two processes",
  );
  await tasks.kill({ containerId: "all", signal: 9, all: true });
  expect(await runtime.wait("all")).toBe(137);
  await runtime.task("new", ["sleep", "100"]);
  await tasks.kill({ containerId: "new", signal: 9 });
  expect(await runtime.wait("new")).toBe(137);
});

test("the end of the init process is the end of its session and of its execs", async () => {
  await using runtime = await TestRuntime.start();
  const { tasks } = runtime;
  await using client = await taskIO(runtime.folder.path, "t1");
  await runtime.task("t1", ["sh", "-c", "sleep 100 & wait"], client.io.config);
  await runtime.start("t1");
  await runtime.exec("t1", "e1", ["sleep", "100"]);
  await runtime.start("t1", "e1");
  const exec = runtime.wait("t1", "e1");
  await until(
    async () => (await tasks.listPids({ containerId: "t1" })).processes.length >= 2,
    "it has children",
  );
  await tasks.kill({ containerId: "t1", signal: 15 });
  expect(await exec).toBe(137);
  expect(await runtime.wait("t1")).toBe(143);
  await client.io.wait();
  await tasks.delete({ containerId: "t1" });
});

test("what must not be: refused with the codes of containerd", async () => {
  await using runtime = await TestRuntime.start();
  const { containers, tasks } = runtime;
  const containerId = "t1";
  expect(await codeOf(tasks.create({ containerId }))).toBe(Code.NotFound);
  await runtime.task(containerId, ["sleep", "100"]);
  expect(await codeOf(tasks.create({ containerId }))).toBe(Code.AlreadyExists);
  expect(await codeOf(containers.delete({ id: containerId }))).toBe(Code.FailedPrecondition);
  await runtime.start(containerId);
  expect(await codeOf(tasks.start({ containerId }))).toBe(Code.FailedPrecondition);
  expect(await codeOf(tasks.delete({ containerId }))).toBe(Code.FailedPrecondition);
  expect(await codeOf(tasks.get({ containerId, execId: "no" }))).toBe(Code.NotFound);
  expect(await codeOf(tasks.kill({ containerId, signal: 99 }))).toBe(Code.InvalidArgument);
  expect(await codeOf(tasks.resizePty({ containerId, width: 1, height: 1 }))).toBeUndefined();
  const refused = [
    tasks.pause({ containerId }),
    tasks.resume({ containerId }),
    tasks.checkpoint({ containerId }),
    tasks.update({ containerId }),
    tasks.metrics({}),
  ];
  for (const call of refused) expect(await codeOf(call)).toBe(Code.Unimplemented);
});

const notThere = (cwd: string, why: string) =>
  `chdir to cwd ("${cwd}") set in config.json failed: ${why}`;

test("commands that can't be run, in runc's words", async () => {
  await using runtime = await TestRuntime.start();
  const script = runtime.folder.file("script");
  await Bun.write(script, "#!/nowhere\n");
  const cases = [
    [["nosuch"], {}, 'exec: "nosuch": executable file not found in $PATH', 127],
    [["sh"], { env: [] }, 'exec: "sh": executable file not found in $PATH', 127],
    [["/no/such"], {}, 'exec: "/no/such": stat /no/such: no such file or directory', 127],
    [[script], {}, `exec: "${script}": permission denied`, 126],
    [["/tmp"], {}, 'exec: "/tmp": is a directory', 126],
    [["true"], { cwd: "/no/folder" }, notThere("/no/folder", "no such file or directory"), 126],
    [["true"], { cwd: script }, notThere(script, "not a directory"), 126],
    [["true"], { cwd: `${script}/x` }, notThere(`${script}/x`, "not a directory"), 126],
  ] as const;
  await runtime.task("runs", ["sleep", "100"]);
  await runtime.start("runs");
  for (const [at, [args, process, message, status]] of cases.entries()) {
    const id = `t${at}`;
    await runtime.task(id, [...args], undefined, process);
    await runtime.exec("runs", id, [...args], undefined, process);
    for (const [containerId, execId] of [[id], ["runs", id]] as [string, string?][]) {
      const error = await runtime.start(containerId, execId).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(ConnectError);
      expect(error.message).toContain(message);
      expect(await runtime.wait(containerId, execId)).toBe(status);
    }
    await runtime.tasks.delete({ containerId: id });
  }
});

test("many short tasks lose nothing", async () => {
  await using runtime = await TestRuntime.start();
  const before = runtime.fds();
  const one = async (id: string) => {
    await using client = await taskIO(runtime.folder.path, id);
    await runtime.task(
      id,
      ["sh", "-c", `echo ${id}; head -c 100000 /dev/zero | tr '\\0' x >&2`],
      client.io.config,
    );
    const waiting = runtime.wait(id);
    await runtime.start(id);
    await waiting;
    await client.io.wait();
    expect(client.stdout()).toBe(`${id}\n`);
    expect(client.stderr()).toHaveLength(100_000);
    await runtime.tasks.delete({ containerId: id });
    await runtime.containers.delete({ id });
  };
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 8 }, (_, at) => one(`r${round}n${at}`)));
  }
  await until(() => Bun.deepEquals(runtime.fds(), before), "its fds are closed");
});

test("hundreds wait at once on one connection", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sh", "-c", "sleep 1; exit 5"]);
  const waiting = Array.from({ length: 500 }, () => runtime.wait("t1"));
  await runtime.start("t1");
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([5]));
});
