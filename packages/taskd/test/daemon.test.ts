import { Code } from "@connectrpc/connect";
import { Status } from "@taskio/containerd/proto";
import { expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { ensureTaskd, runtimeDir } from "../src/index.ts";
import { processIdentity } from "../src/process/proc.ts";
import { codeOf } from "./support/code-of.ts";
import { noSmallDisk, smallDisk } from "./support/small-disk.ts";
import { taskdWith } from "./support/taskd-with.ts";
import { taskIO } from "./support/task-io.ts";
import { connect, TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

const client = new URL("./support/ensure.ts", import.meta.url).pathname;

test("twenty that start it at once get one, in a folder that is the user's alone", async () => {
  await using runtime = new TestRuntime();
  const clients = Array.from({ length: 10 }, () =>
    Bun.spawn([process.execPath, client, runtime.dir], { stdout: "pipe" }),
  );
  const here = Array.from({ length: 10 }, () => ensureTaskd({ dir: runtime.dir }));
  const addresses = (await Promise.all(here)).map(({ address }) => address);
  const lines = await Promise.all(clients.map((child) => child.stdout.text()));
  await runtime.ensure();
  expect(new Set(addresses)).toEqual(new Set([runtime.address]));
  expect(new Set(lines)).toEqual(new Set([`${runtime.pid}\n`]));
  expect(statSync(runtime.dir).mode & 0o777).toBe(0o700);
  expect(statSync(runtime.address).mode & 0o777).toBe(0o600);
});

test("a stale socket and lock keep it from nothing", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.signal("SIGKILL");
  expect(existsSync(runtime.address)).toBe(true);
  expect(existsSync(`${runtime.dir}/taskd.lock`)).toBe(true);
  await runtime.ensure();
  const { version } = await Bun.file(`${import.meta.dir}/../package.json`).json();
  expect(await runtime.clients.version.version({})).toMatchObject({ version, revision: "taskd" });
  await runtime.signal("SIGKILL");
  await Bun.$`rm ${runtime.address}`;
  writeFileSync(runtime.address, "no socket");
  await runtime.ensure();
  expect(runtime.pids.size).toBe(3);
});

test("it stops when it has no task and no client, and not before", async () => {
  await using runtime = await TestRuntime.start({ idleMs: 200 });
  const identity = processIdentity(runtime.pid);
  const lives = () => processIdentity(runtime.pid) === identity;
  await Bun.sleep(600);
  expect(lives()).toBe(true); // our client
  await runtime.task("t1", ["true"]);
  runtime.clients.close();
  await Bun.sleep(600);
  expect(lives()).toBe(true); // the task
  await runtime.ensure();
  await runtime.tasks.delete({ containerId: "t1" });
  runtime.clients.close();
  await until(() => !lives(), "it stops");
  expect(readdirSync(runtime.dir).sort()).toEqual(["state", "taskd.log"]);
  await runtime.ensure();
  expect((await runtime.containers.list({})).containers.map(({ id }) => id)).toEqual(["t1"]);
});

test("what is empty goes: state with the last container, the folder of FIFOs when it stops", async () => {
  await using runtime = await TestRuntime.start({ idleMs: 200 });
  const { clients, dir } = runtime;
  const identity = processIdentity(runtime.pid);
  for (const id of ["t1", "t2"]) {
    await using client = await taskIO(`${dir}/fifo`, id);
    await runtime.task(id, ["true"], client.io.config);
    await client.io.detach();
  }
  await clients.namespaces.create({ namespace: { name: "kept" } });
  await runtime.remove("t1");
  expect(readdirSync(`${dir}/state/test/containers`)).toEqual(["t2"]);
  await runtime.remove("t2");
  expect(readdirSync(`${dir}/state`)).toEqual(["kept"]);
  await clients.namespaces.delete({ name: "kept" });
  expect(readdirSync(dir).sort()).toEqual(["fifo", "taskd.lock", "taskd.log", "taskd.sock"]);
  await runtime.task("t3", ["true"]);
  await runtime.remove("t3");
  clients.close();
  await until(() => processIdentity(runtime.pid) !== identity, "it stops");
  expect(readdirSync(dir)).toEqual(["taskd.log"]);
});

test("it stops too when somebody has removed its folder", async () => {
  await using runtime = await TestRuntime.start({ idleMs: 100 });
  const identity = processIdentity(runtime.pid);
  rmSync(runtime.dir, { recursive: true });
  runtime.clients.close();
  await until(() => processIdentity(runtime.pid) !== identity, "it stops");
  mkdirSync(runtime.dir);
});

test("SIGTERM: tasks go on, and the next one has them", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  const pid = await runtime.start("t1");
  await runtime.signal("SIGTERM");
  expect(readdirSync(runtime.dir).sort()).toEqual(["state", "taskd.log"]);
  expect(processIdentity(pid)).toBeDefined();
  await runtime.ensure();
  expect((await runtime.tasks.list({})).tasks).toMatchObject([
    { id: "t1", pid, status: Status.RUNNING },
  ]);
});

test("killed with -9: what it left is found and told as it is", async () => {
  await using runtime = await TestRuntime.start();
  const { folder } = runtime;
  await using io = await taskIO(folder.path, "lives", { stdin: new Blob(["a\n"]) });
  await io.io.detach();
  const script = "echo before; sleep 1; echo after; while :; do sleep 0.1; done";
  await runtime.task("lives", ["sh", "-c", script], { ...io.io.config, stdin: "" });
  await runtime.task("dies", ["sleep", "100"]);
  await runtime.task("done", ["sh", "-c", "exit 3"]);
  await runtime.task("new", ["sh", "-c", "exit 4"]);
  await using tty = await taskIO(folder.path, "tty", { terminal: true });
  await runtime.task("tty", ["sleep", "100"], tty.io.config);
  const pid = await runtime.start("lives");
  const dying = await runtime.start("dies");
  const onTerminal = await runtime.start("tty");
  await runtime.start("done");
  await runtime.wait("done");
  await runtime.exec("lives", "e1", ["sleep", "100"]);
  const execPid = await runtime.start("lives", "e1");
  await runtime.exec("dies", "e1", ["sleep", "100"]);
  const orphan = await runtime.start("dies", "e1");
  await runtime.signal("SIGKILL");
  process.kill(dying, 9);
  await until(() => !processIdentity(onTerminal), "the terminal's process is hung up");
  await Bun.sleep(1_200); // it writes while nobody holds its output but itself
  await runtime.ensure();
  const { tasks } = runtime;
  const get = async (containerId: string, execId = "") =>
    (await tasks.get({ containerId, execId })).process!;
  expect(await get("lives")).toMatchObject({ pid, status: Status.RUNNING });
  expect(await get("lives", "e1")).toMatchObject({ pid: execPid, status: Status.RUNNING });
  expect(await get("dies")).toMatchObject({ status: Status.STOPPED, exitStatus: 255 });
  expect(await runtime.wait("dies", "e1")).toBe(255);
  expect(processIdentity(orphan)).toBeUndefined();
  expect(await get("tty")).toMatchObject({ status: Status.STOPPED, exitStatus: 255 });
  expect(await get("done")).toMatchObject({ status: Status.STOPPED, exitStatus: 3 });
  expect(await get("new")).toMatchObject({ status: Status.CREATED });
  await runtime.start("new");
  expect(await runtime.wait("new")).toBe(4);
  const waiting = runtime.wait("lives");
  await tasks.kill({ containerId: "lives", signal: 9, all: true });
  expect(await waiting).toBe(255);
  expect(await runtime.wait("lives", "e1")).toBe(255);
  expect(processIdentity(execPid)).toBeUndefined();
  expect(await Bun.file(io.io.config.stdout).text()).toBe("before\nafter\n");
  await tty.io.detach();
});

/** A task whose init process ended while no runtime ran, and left one behind; what is kept of it. */
async function endedUnseen(runtime: TestRuntime, id: string) {
  const file = runtime.folder.file(`${id}.pid`);
  const script = `sleep 1000 & echo $! > ${file}.new; mv ${file}.new ${file}; exec sleep 1000`;
  await runtime.task(id, ["sh", "-c", script]);
  const init = await runtime.start(id);
  await until(() => existsSync(file), "it has left one behind");
  const left = Number(readFileSync(file, "utf8"));
  const end = async () => {
    process.kill(init, 9);
    await until(() => !existsSync(`/proc/${init}`), "the init process ends, and is reaped");
  };
  const state = `${runtime.dir}/state/test/containers/${id}/task/task.json`;
  const change = (edit: (init: { identity: string; sessionGone?: true }) => void) => {
    const kept = JSON.parse(readFileSync(state, "utf8"));
    edit(kept.init);
    writeFileSync(state, JSON.stringify(kept));
  };
  return { left, end, state, change };
}

test("what an init process has left behind ends with it, also when nobody saw that, and nothing else", async () => {
  await using runtime = await TestRuntime.start();
  const unseen = await endedUnseen(runtime, "unseen");
  const rebooted = await endedUnseen(runtime, "rebooted");
  const noBoot = await endedUnseen(runtime, "no-boot");
  const gone = await endedUnseen(runtime, "gone");
  await runtime.signal("SIGKILL");
  for (const { end } of [unseen, rebooted, noBoot, gone]) await end();
  // the same numbers, of somebody else's sessions
  const otherBoot = crypto.randomUUID();
  rebooted.change((init) => (init.identity = init.identity.replace(/^[^/]+/, otherBoot)));
  noBoot.change((init) => (init.identity = init.identity.replace(/^.*\//, "")));
  gone.change((init) => (init.sessionGone = true));
  await runtime.ensure();
  await until(() => !processIdentity(unseen.left), "what it left is killed");
  for (const id of ["unseen", "rebooted", "no-boot", "gone"]) {
    expect(await runtime.wait(id)).toBe(255);
    await runtime.remove(id);
  }
  for (const { left } of [rebooted, noBoot, gone]) {
    expect(processIdentity(left)).toBeDefined();
    process.kill(left, 9);
  }
});

test("a session that was seen empty is remembered as gone", async () => {
  await using runtime = await TestRuntime.start({
    command: taskdWith({ TASKIO_TASKD_EXEC_GRACE_MS: "2000" }),
  });
  await runtime.task("t1", ["true"]);
  await runtime.start("t1");
  expect(await runtime.wait("t1")).toBe(0);
  const state = `${runtime.dir}/state/test/containers/t1/task/task.json`;
  const kept = () => JSON.parse(readFileSync(state, "utf8")).init;
  await until(() => kept().sessionGone === true, "it is kept");
});

test("a state file that can't be read is left alone", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.container("good", ["true"]);
  await runtime.container("bad", ["true"]);
  await runtime.signal("SIGTERM");
  const file = `${runtime.dir}/state/test/containers/bad/container.json`;
  writeFileSync(file, "{");
  await runtime.ensure();
  expect((await runtime.containers.list({})).containers.map(({ id }) => id)).toEqual(["good"]);
  expect(existsSync(file)).toBe(true);
});

test("a folder that others may enter is refused", async () => {
  await using runtime = new TestRuntime();
  mkdirSync(runtime.dir);
  chmodSync(runtime.dir, 0o755);
  await expect(ensureTaskd({ dir: runtime.dir })).rejects.toMatchObject({ code: "PERMISSION" });
  await expect(ensureTaskd({ dir: `/tmp/${"x".repeat(100)}` })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
});

test("one that doesn't start is told with its log", async () => {
  await using runtime = new TestRuntime();
  const command = ["sh", "-c", "echo out of luck; exit 1"];
  const start = ensureTaskd({ dir: runtime.dir, command });
  await expect(start).rejects.toThrow("out of luck");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(ensureTaskd({ dir: runtime.dir, signal })).rejects.toThrow("enough");
});

if (noSmallDisk) console.warn(`a test with a full disk is skipped: ${noSmallDisk}`);

test.skipIf(noSmallDisk !== undefined)("on a full disk it starts, or says why not", async () => {
  await using runtime = new TestRuntime();
  for (const inodes of [2, 3, 4, 5]) {
    const dir = runtime.folder.file(`disk${inodes}`);
    using _ = smallDisk(dir, inodes);
    await Bun.$`cat /dev/zero > ${dir}/junk`.quiet().nothrow();
    const start = ensureTaskd({ dir, idleMs: 200 }).then(
      () => "it starts",
      (error) => error.message,
    );
    // it takes five: the folder, what fills it, the lock, the log, and the socket
    expect(await start).toContain(inodes < 5 ? "no space left on device" : "it starts");
  }
});

test("its log stays small", async () => {
  await using runtime = new TestRuntime();
  mkdirSync(runtime.dir, { mode: 0o700 });
  const log = `${runtime.dir}/taskd.log`;
  const long = "old\n".repeat(300_000);
  writeFileSync(log, long);
  await runtime.ensure();
  expect(readFileSync(`${log}.1`, "utf8")).toBe(long);
  expect(readFileSync(log, "utf8")).toStartWith(`taskd ${runtime.pid} listens`);
  await runtime.task("t1", ["sleep", "100"]);
  const bundle = `${runtime.dir}/state/test/containers/t1/task`;
  rmSync(bundle, { recursive: true });
  writeFileSync(bundle, "no folder: nothing can be kept");
  const fail = () => runtime.tasks.closeIO({ containerId: "t1", stdin: true });
  for (let round = 0; round < 300; round++) await fail();
  expect(readFileSync(log, "utf8").match(/ENOTDIR: /g)).toHaveLength(1);
  expect(statSync(log).size).toBeLessThan(10_000);
  await runtime.remove("t1");
  await runtime.container("t2", ["true"]);
  writeFileSync(`${runtime.dir}/state/test/containers/t2/task`, "no folder");
  appendFileSync(log, long);
  expect(await codeOf(runtime.tasks.create({ containerId: "t2" }))).toBe(Code.Unknown);
  expect(readFileSync(`${log}.1`, "utf8")).toEndWith(long);
  expect(readFileSync(log, "utf8")).toContain("EEXIST");
  expect(statSync(log).size).toBeLessThan(10_000);
});

test("where it lives", () => {
  const of = (uid: number, env: Record<string, string>, dir?: string) =>
    runtimeDir(dir, { uid, env });
  expect(of(0, {})).toBe("/run/taskio");
  expect(of(7, { XDG_RUNTIME_DIR: "/run/user/7" })).toBe("/run/user/7/taskio");
  expect(of(7, { TMPDIR: "/t" })).toBe("/t/taskio-7");
  expect(of(7, { TASKIO_RUNTIME_DIR: "/r" })).toBe("/r");
  expect(of(7, { TASKIO_RUNTIME_DIR: "/r" }, "/o")).toBe("/o");
});

test("a client that goes in the middle of a call harms nobody", async () => {
  await using runtime = await TestRuntime.start();
  await runtime.task("t1", ["sleep", "100"]);
  await runtime.start("t1");
  const leaving = connect(runtime.address, "test");
  const waiting = leaving.tasks.wait({ containerId: "t1" }).catch(() => "left");
  await Bun.sleep(50);
  leaving.close();
  expect(await waiting).toBe("left");
  expect((await runtime.tasks.list({})).tasks).toHaveLength(1);
});
