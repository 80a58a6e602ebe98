import { beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Daemon, startContainerd } from "../src/index.ts";
import { describeWithDaemon } from "./support/describe-with-daemon.ts";
import { startTasks, succeeded } from "./support/start-tasks.ts";
import { leftOf, ownCgroups, tracesOf } from "./support/traces.ts";

let namespace = "";
let count = 0;

beforeEach(() => {
  namespace = `test-support-${process.pid}-${++count}`;
});

async function tasks(daemon: Daemon): Promise<string[]> {
  const list = await succeeded(daemon, "-n", namespace, "task", "ls", "-q");
  return list.trim().split("\n").sort();
}

/** The folders that this process has made. */
function folders(): string[] {
  const own = new RegExp(`^taskio-containerd-\\d+-${process.pid}-`);
  return readdirSync(tmpdir()).filter((name) => own.test(name));
}

async function listens({ address: unix }: Daemon): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix, socket: { data() {} } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}

describeWithDaemon("a containerd for tests", () => {
  test("answers, in the version that it tells", async () => {
    await using daemon = await startContainerd();
    const version = await succeeded(daemon, "version");
    expect(version.split("Server:")[1]).toContain(daemon.version);
    expect(await daemon.log()).toContain("successfully booted");
  });

  test("leaves nothing, whatever its tasks do", async () => {
    await using daemon = await startContainerd();
    await startTasks(daemon, namespace);
    const client = daemon.spawnCtr("events");
    const traces = tracesOf(daemon);
    expect(traces.processes).toHaveLength(8); // daemon, client, 3 shims, 3 tasks
    expect(traces.paths.filter((path) => path.startsWith("/run/containerd/s/"))).toHaveLength(3);
    expect(traces.paths.filter((path) => path.startsWith("/sys/fs/cgroup/"))).not.toBeEmpty();
    expect(leftOf(traces).filter((trace) => trace.startsWith("mount "))).not.toBeEmpty();
    await daemon.stop();
    expect(leftOf(traces)).toEqual([]);
    expect(await client.exited).not.toBe(0);
    await daemon.stop(); // twice is fine
  });

  test("leaves nothing of shims that were killed", async () => {
    await using daemon = await startContainerd();
    await startTasks(daemon, namespace);
    const traces = tracesOf(daemon);
    const shims = traces.processes.filter(({ command }) => command.includes("-shim-"));
    for (const { pid } of shims) process.kill(pid, "SIGKILL");
    for (let i = 0; i < 200 && (await tasks(daemon)).length === 3; i++) await Bun.sleep(20);
    await daemon.stop();
    expect(leftOf(traces)).toEqual([]);
  });

  test("leaves no cgroup either that a runc has made which was killed then", async () => {
    await using daemon = await startContainerd();
    const id = `${namespace}-task`;
    const how = ["-n", namespace, "run", "--rm", "--fifo-dir", daemon.fifoDir];
    await succeeded(daemon, ...how, "--rootfs", daemon.rootfs, id, "/bin/true");
    const made = ownCgroups().map((own) => join(own, id));
    for (const path of made) mkdirSync(path);
    await daemon.stop();
    expect(made.filter((path) => existsSync(path))).toEqual([]);
  });

  test("can be killed, terminated and started again, and its tasks go on", async () => {
    await using daemon = await startContainerd();
    await startTasks(daemon, namespace);
    const all = ["frozen", "image", "plain"];
    expect(await tasks(daemon)).toEqual(all);
    expect(await listens(daemon)).toBe(true);
    await daemon.kill();
    expect(await listens(daemon)).toBe(false);
    await daemon.start();
    expect(await tasks(daemon)).toEqual(all);
    await daemon.terminate();
    expect(await listens(daemon)).toBe(false);
    await daemon.start();
    expect(await tasks(daemon)).toEqual(all);
    expect(await daemon.start().catch(String)).toContain("runs already");
  });

  test("keeps runc's state to itself", async () => {
    await using daemon = await startContainerd();
    await startTasks(daemon, namespace);
    expect(readdirSync(join(daemon.runcRoot, namespace)).sort()).toEqual([
      "frozen",
      "image",
      "plain",
    ]);
    expect(existsSync(join("/run/containerd/runc", namespace))).toBe(false);
  });

  test("has a ctr to talk to", async () => {
    await using daemon = await startContainerd();
    const how = ["-n", namespace, "run", "--rm", "--fifo-dir", daemon.fifoDir];
    const command = ["sh", "/bin/sh", "-c", "read line; echo heard $line"];
    const ctr = daemon.spawnCtr(...how, "--rootfs", daemon.rootfs, ...command);
    ctr.stdin.write("this\n");
    expect(await ctr.stdout.text()).toBe("heard this\n");
    expect(await ctr.exited).toBe(0);
  });

  test("that does not start tells its log, and leaves nothing", async () => {
    const before = folders();
    const tools = mkdtempSync(join(tmpdir(), "taskio-tools-"));
    try {
      for (const name of ["containerd", "containerd-shim-runc-v2", "ctr"]) {
        const script =
          '#!/bin/sh\n[ "$1" = --version ] && echo c v1.6.0 || { echo no luck; exit 1; }';
        writeFileSync(join(tools, name), script, { mode: 0o755 });
      }
      const failure = await startContainerd({ tools }).catch(String);
      expect(failure).toContain("containerd did not start:\nno luck\n");
      expect(folders()).toEqual(before);
    } finally {
      rmSync(tools, { recursive: true });
    }
  });

  test("whose start is aborted leaves nothing", async () => {
    const before = folders();
    const aborted = new AbortController();
    const starting = startContainerd({ signal: aborted.signal }).catch((error: unknown) => error);
    for (let i = 0; i < 1000 && folders().length === before.length; i++) await Bun.sleep(1);
    aborted.abort(new Error("enough"));
    expect(await starting).toBe(aborted.signal.reason);
    expect(folders()).toEqual(before);
  });
});

describeWithDaemon("what a killed process has left", () => {
  test("is removed by the next start, and not before", async () => {
    const program = [process.execPath, join(import.meta.dir, "support/left-behind.ts")];
    const other = Bun.spawn(program, { stdout: "pipe", stderr: "inherit" });
    const { value } = await other.stdout.getReader().read();
    const traces = JSON.parse(new TextDecoder().decode(value));
    const all = leftOf(traces);
    expect(all.filter((trace) => trace.startsWith("process "))).toHaveLength(7);
    await (await startContainerd()).stop();
    expect(leftOf(traces)).toEqual(all);

    other.kill("SIGKILL");
    await other.exited;
    expect(leftOf(traces)).toEqual(all);
    await using daemon = await startContainerd();
    expect(leftOf(traces)).toEqual([]);
    expect(existsSync(dirname(daemon.address))).toBe(true);
  });
});
