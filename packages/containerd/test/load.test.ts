import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type Attach,
  type Config,
  type IOResult,
  newIO,
  newMemoryIO,
  nullIO,
  withStreams,
} from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { asNobody, canBeNobody } from "../../fifo/test/support/as-nobody.ts";
import { Status } from "../src/proto.ts";
import { startFakeServer } from "./support/fake-server.ts";
import type * as NobodysClient from "./support/nobodys-client.ts";
import { rejection } from "@taskio/test-support";
import { openByShell } from "./support/shell.ts";

const decoder = new TextDecoder();

/** A server with one task, "web", in this state and with these streams. */
function startWith(status: Status, config: Partial<Config>) {
  const process = { id: "web", pid: 7, status, exitStatus: 3, ...config };
  return startFakeServer({
    tasks: {
      get: () => ({ process }),
      wait: () => ({ exitStatus: process.exitStatus }),
      delete: () => ({ id: "web" }),
    },
  });
}

const never: Attach = () => expect.unreachable();

describe("attaching", () => {
  test("goes on where the last client left", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const memory = newMemoryIO();
    let text = "";
    const streams = withStreams(undefined, (chunk) => void (text += decoder.decode(chunk)));
    const task = await client.createTask("web", { creator: memory.newCreator(streams) });
    await task.start();
    await memory.task("web").write("stdout", "one ");
    await task.detach();
    await memory.task("web").write("stdout", "two ");

    await using other = await server.connect();
    const again = await other.loadTask("web", { attach: memory.newAttach(streams) });
    expect([again.pid, again.id, again.containerId]).toEqual([42, "web", "web"]);
    await memory.task("web").write("stdout", "three");
    memory.task("web").exit();
    server.exit("web");
    expect(await again.delete()).toMatchObject({ drained: true });
    expect(text).toBe("one two three");
  });

  test("a source's end is the end of stdin, unless it is to stay open", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const memory = newMemoryIO();
    const creator = memory.newCreator(withStreams(new Uint8Array(), () => {}));
    await client
      .createTask("web", { creator, keepStdinOpen: true })
      .then((task) => task.start().then(() => task.detach()));
    server.calls.length = 0;
    const attach = memory.newAttach(withStreams(new Uint8Array(5)));
    await client.loadTask("web", { attach, keepStdinOpen: true }).then((task) => task.detach());
    await client.loadTask("web", { attach });
    await Bun.sleep(50);
    expect(server.calls).toEqual(["Get", "Get", "Get", "Get", "CloseIO"]);
  });

  test("takes an exec too", async () => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    const memory = newMemoryIO();
    const creator = memory.newCreator(withStreams(undefined, () => {}));
    const task = await client.createTask("web", { creator: nullIO });
    const process = { args: ["true"], cwd: "/" };
    const exec = await task.exec("e1", { process, creator });
    await exec.start();
    await exec.detach();
    const again = await task.loadExec("e1", {
      attach: memory.newAttach(withStreams(undefined, () => {})),
    });
    expect(again.id).toBe("e1");
    server.exit("e1", 9);
    memory.task("e1").exit();
    expect(await again.delete()).toMatchObject({ exitCode: 9, drained: true });
  });

  const uris: [string, Partial<Config>][] = [
    ["file", { stdout: "file:///var/log/web.log", stderr: "file:///var/log/web.log" }],
    ["binary", { stdout: "binary:///bin/logger?a=b", stderr: "/dev/null" }],
    ["ttrpc+unix", { stdout: "ttrpc+unix:///run/x?streaming_id=web-stdout" }],
  ];
  test.each(uris)("to a %s:// URI is refused by its scheme (c#6422)", async (scheme, config) => {
    await using server = await startWith(Status.RUNNING, config);
    await using client = await server.connect();
    expect(await rejection(client.loadTask("web", { attach: never }))).toMatchObject({
      code: "NOT_ATTACHABLE",
      message: expect.stringContaining(`${scheme}://`),
    });
    await client.loadTask("web"); // without attach it can be loaded
  });

  test("to a task without streams is refused", async () => {
    await using server = await startWith(Status.RUNNING, { stdout: "/dev/null" });
    await using client = await server.connect();
    expect(await rejection(client.loadTask("web", { attach: never }))).toMatchObject({
      code: "NOT_ATTACHABLE",
    });
  });

  test.each([
    ["UNKNOWN", Status.UNKNOWN],
    ["STOPPED", Status.STOPPED],
  ])("to a task that is %s is refused (c#2150)", async (_, status) => {
    await using server = await startWith(status, { stdout: "/nowhere/web-stdout" });
    await using client = await server.connect();
    expect(await rejection(client.loadTask("web", { attach: never }))).toMatchObject({
      code: "NOT_ATTACHABLE",
    });
  });

  test("to a task that is STOPPED goes on while the runtime holds its output", async () => {
    using fifo = newFIFO();
    await using server = await startWith(Status.STOPPED, { stdout: fifo.path });
    await using client = await server.connect();
    let attached = 0;
    const attach: Attach = async ({ config }) => (attached++, newIO({ config }));
    const held = openSync(fifo.path, constants.O_RDWR | constants.O_NONBLOCK);
    await client.loadTask("web", { attach });
    closeSync(held);
    const refused = client.loadTask("web", { attach });
    expect(await rejection(refused)).toMatchObject({
      code: "NOT_ATTACHABLE",
      message: expect.stringContaining("exit code 3"),
    });
    expect(attached).toBe(1);
    expect(existsSync(fifo.path)).toBe(true);
  });

  test("to a task that stops meanwhile does not wait for ever (c#2150)", async () => {
    using fifo = newFIFO();
    const states = [Status.RUNNING, Status.STOPPED];
    await using server = await startFakeServer({
      tasks: {
        get: () => ({ process: { id: "web", status: states.shift()!, stdout: fifo.path } }),
        wait: () => ({ exitStatus: 3 }),
      },
    });
    await using client = await server.connect();
    const attach = newAttach(withStreams(undefined, () => {}));
    const task = await client.loadTask("web", { attach });
    const start = performance.now();
    expect((await task.io.wait()).stdout).toMatchObject({ bytes: 0, end: "eof" });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("that is aborted when it is attached lets its streams go", async () => {
    using fifo = newFIFO();
    await using server = await startWith(Status.RUNNING, { stdout: fifo.path });
    await using client = await server.connect();
    const abort = new AbortController();
    const attach: Attach = async (fifos) => {
      const io = await newAttach(withStreams(undefined, () => {}))(fifos);
      abort.abort(new Error("enough"));
      return io;
    };
    const loading = client.loadTask("web", { attach, signal: abort.signal });
    expect(await rejection(loading)).toMatchObject({ message: "enough" });
    expect(existsSync(fifo.path)).toBe(true);
    const again = newAttach(withStreams(undefined, () => {}));
    await client.loadTask("web", { attach: again }).then((task) => task.detach());
  });

  test("goes on where the server goes away just after, and ends when that is back", async () => {
    using fifo = newFIFO();
    let asked = 0;
    await using server = await startFakeServer({
      tasks: {
        get() {
          if (++asked === 2 || asked === 3) throw new ConnectError("away", Code.Unavailable);
          const status = asked === 1 ? Status.RUNNING : Status.STOPPED;
          return { process: { id: "web", pid: 7, status, stdout: fifo.path } };
        },
      },
    });
    await using client = await server.connect();
    const attach = newAttach(withStreams(undefined, () => {}));
    const task = await client.loadTask("web", { attach });
    expect((await task.io.wait()).stdout).toMatchObject({ end: "eof", bytes: 0 });
    expect(asked).toBe(4);
    await task.detach();
  });

  test("that fails changes nothing", async () => {
    using fifo = newFIFO();
    await using server = await startWith(Status.RUNNING, { stdout: fifo.path });
    await using client = await server.connect();
    const attach: Attach = () => Promise.reject(new Error("no"));
    expect(await rejection(client.loadTask("web", { attach }))).toMatchObject({ message: "no" });
    expect(existsSync(fifo.path)).toBe(true);
    expect(server.calls).toEqual(["Get"]);
  });
});

describe("a process that has stopped, whose FIFOs somebody has removed", () => {
  const sinks = () =>
    newAttach(
      withStreams(
        new Uint8Array(5),
        () => {},
        () => {},
      ),
    );

  test("gives the output that is left, and is not drained", async () => {
    using fifo = newFIFO();
    const gone = { stdin: `${fifo.path}-in`, stderr: `${fifo.path}-err` };
    await using server = await startWith(Status.STOPPED, { stdout: fifo.path, ...gone });
    await using client = await server.connect();
    await using _ = await openByShell(fifo.path, 'exec 3<>"$FIFO"; printf 12345 >&3', "sleep 1");
    const task = await client.loadTask("web", { attach: sinks() });
    expect(await task.drain()).toBe(true);
    expect(await task.delete()).toMatchObject({
      drained: false,
      io: { stdout: { bytes: 5, end: "eof" } },
    });
    expect(existsSync(dirname(fifo.path))).toBe(false);
  });

  test("is refused as one whose output is gone, where none is left", async () => {
    using fifo = newFIFO();
    const gone = { stdout: `${fifo.path}-out`, stderr: `${fifo.path}-err` };
    await using server = await startWith(Status.STOPPED, gone);
    await using client = await server.connect();
    expect(await rejection(client.loadTask("web", { attach: never }))).toMatchObject({
      code: "NOT_ATTACHABLE",
      message: expect.stringContaining("exit code 3 and its output is gone"),
    });
  });

  test("is not found when it runs", async () => {
    using fifo = newFIFO();
    const outputs = { stdout: fifo.path, stderr: `${fifo.path}-err` };
    await using server = await startWith(Status.RUNNING, outputs);
    await using client = await server.connect();
    const refused = client.loadTask("web", { attach: sinks() });
    expect(await rejection(refused)).toMatchObject({ code: "NOT_FOUND", path: outputs.stderr });
  });
});

describe("deleting what was loaded", () => {
  test("is drained when its outputs are files, which nobody has to read", async () => {
    using fifo = newFIFO();
    const log = join(fifo.path, "../../log");
    await Bun.write(log, "kept");
    await using server = await startWith(Status.STOPPED, { stdout: log, stderr: "/dev/null" });
    await using client = await server.connect();
    const task = await client.loadTask("web");
    expect(await task.delete()).toMatchObject({ drained: true });
  });

  test("removes its FIFOs and their folder (c#2421), nothing else (c#4123)", async () => {
    using fifo = newFIFO();
    const log = join(fifo.path, "../../log");
    await Bun.write(log, "kept");
    await using server = await startWith(Status.STOPPED, { stdout: fifo.path, stderr: log });
    await using client = await server.connect();
    await client.loadTask("web").then((task) => task.detach());
    expect(existsSync(fifo.path)).toBe(true);
    await client.loadTask("web").then((task) => task.delete());
    expect(existsSync(join(fifo.path, ".."))).toBe(false);
    expect(await Bun.file(log).text()).toBe("kept");
  });

  test("of a task that was detached removes them too", async () => {
    using fifo = newFIFO();
    await using server = await startFakeServer();
    await using client = await server.connect();
    const config = { terminal: false, stdin: "", stdout: fifo.path, stderr: "/dev/null" };
    const creator = async () => newIO({ config });
    const task = await client.createTask("web", { creator });
    await task.start();
    await task.detach();
    await task.delete({ kill: true });
    expect(existsSync(join(fifo.path, ".."))).toBe(false);
  });
});

describe("a process that stopped when it was attached to", () => {
  test("gives all its output to a slow sink, when its FIFO is removed too", async () => {
    using fifo = newFIFO();
    await using server = await startWith(Status.STOPPED, { stdout: fifo.path });
    await using client = await server.connect();
    const write = "head -c 100000 /dev/zero >&3";
    await using shim = await openByShell(fifo.path, 'exec 3<>"$FIFO"', write);
    let taken = 0;
    const slow = async ({ length }: Uint8Array) => {
      if (taken === 0) await Bun.sleep(2500);
      taken += length;
    };
    const attach = newAttach(withStreams(undefined, slow));
    const task = await client.loadTask("web", { attach });
    await shim.exited;
    rmSync(fifo.path);
    const result = { bytes: 100_000, unacknowledged: 0, end: "eof" };
    expect((await task.io.wait()).stdout).toMatchObject(result);
    expect(taken).toBe(100_000);
    expect(await task.delete()).toMatchObject({ drained: true });
  });

  test("gives what is left when its FIFO was let go and removed meanwhile", async () => {
    using fifo = newFIFO();
    await using server = await startWith(Status.STOPPED, { stdout: fifo.path });
    await using client = await server.connect();
    const held = openSync(fifo.path, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(held, "12345");
    const attach: Attach = (fifos) => {
      const reader = openSync(fifo.path, constants.O_RDONLY | constants.O_NONBLOCK);
      closeSync(held);
      const io = newAttach(withStreams(undefined, () => {}))(fifos);
      rmSync(fifo.path);
      closeSync(reader);
      return io;
    };
    const task = await client.loadTask("web", { attach });
    expect((await task.io.wait()).stdout).toMatchObject({ bytes: 5, end: "eof" });
  });

  test("ends for who attached when it ran and its output had been let go", async () => {
    using fifo = newFIFO();
    const exit = Promise.withResolvers<number>();
    const process = { id: "web", status: Status.RUNNING, stdout: fifo.path };
    await using server = await startFakeServer({
      tasks: {
        get: () => ({ process }),
        wait: async () => ({ exitStatus: await exit.promise }),
      },
    });
    await using client = await server.connect();
    const attach = newAttach(withStreams(undefined, () => {}));
    const task = await client.loadTask("web", { attach });
    expect(await Promise.race([task.io.wait(), Bun.sleep(200)])).toBeUndefined();
    exit.resolve(3);
    expect(await task.wait()).toMatchObject({ exitCode: 3 });
    expect((await task.io.wait()).stdout).toMatchObject({ bytes: 0, end: "eof" });
  });
});

describe.if(canBeNobody)("who may not look into other users' processes", () => {
  const withoutWriter = 'exec 3<>"$FIFO" 4<"$FIFO"; printf 12345 >&3; exec 3>&-';

  test("attaches to what one of those may hold, and gets it", async () => {
    using fifo = newFIFO("666");
    await using _ = await openByShell(fifo.path, 'exec 3<>"$FIFO"; printf 12345 >&3', "sleep 2");
    const { stdout } = await readByNobody(fifo);
    expect(stdout).toMatchObject({ bytes: 5, end: "eof" });
  });

  test("attaches to what nobody holds, and comes to its end", async () => {
    using fifo = newFIFO("666");
    expect((await readByNobody(fifo)).stdout).toMatchObject({ bytes: 0, end: "eof" });
  });

  test("gets what is left where it may read only, and is not left waiting", async () => {
    using fifo = newFIFO("644");
    await using _ = await openByShell(fifo.path, withoutWriter, "exec sleep 1000");
    expect((await readByNobody(fifo)).stdout).toMatchObject({ bytes: 5, end: "stopped" });
  });

  test("deletes as drained what it has read and may read only", async () => {
    using fifo = newFIFO("644");
    await using _ = await openByShell(fifo.path, withoutWriter, "exec sleep 1000");
    expect(await byNobody("deleteRead", { stdout: fifo.path })).toMatchObject({
      drained: true,
      io: { stdout: { bytes: 5, end: "stopped" } },
    });
  });

  test("gets all of one output, though the other one may be read only", async () => {
    using stdout = newFIFO("666");
    using stderr = newFIFO("644");
    const write = "head -c 2000000 /dev/zero >&3";
    await using writer = await openByShell(stdout.path, 'exec 3<>"$FIFO"', write);
    await using _ = await openByShell(stderr.path, withoutWriter, "exec sleep 1000");
    expect(await readByNobody(stdout, stderr)).toMatchObject({
      stdout: { bytes: 2_000_000, unacknowledged: 0, end: "eof" },
      stderr: { bytes: 5, end: "stopped" },
    });
    expect(await writer.exited).toBe(0);
  });

  test("discards nothing that one of those may read", async () => {
    using fifo = newFIFO("666");
    await using reader = await openByShell(fifo.path, withoutWriter, "sleep 3; cat <&4");
    expect(await byNobody("deleteUnread", { stdout: fifo.path })).toMatchObject({ exitCode: 3 });
    expect(await reader.output()).toBe("12345");
  });

  test("makes room for what the runtime has left, and takes nothing (c#13377)", async () => {
    using fifo = newFIFO("644");
    const write = "head -c 200000 /dev/zero >&3; sleep 2; head -c 200000 <&3 | wc -c";
    await using shim = await openByShell(fifo.path, 'exec 3<>"$FIFO"', write);
    await byNobody("deleteUnread", { stdout: fifo.path });
    const output = await Promise.race([shim.output(), Bun.sleep(10_000)]);
    expect(Number(output)).toBe(200_000);
  });
});

/** What a function of the other user's program gives for these outputs. */
function byNobody(run: keyof typeof NobodysClient, outputs: NobodysClient.Outputs) {
  const program = `${import.meta.dir}/support/nobodys-client.ts`;
  return asNobody(`return (await import("${program}")).${run}(${JSON.stringify(outputs)});`);
}

function readByNobody(stdout: { path: string }, stderr?: { path: string }): Promise<IOResult> {
  const outputs = { stdout: stdout.path, ...(stderr && { stderr: stderr.path }) };
  return byNobody("readOutputs", outputs) as Promise<IOResult>;
}

/** A FIFO in a folder of its own, in a folder that goes away with the scope. */
function newFIFO(mode = "600"): Disposable & { path: string } {
  const folder = mkdtempSync(join(tmpdir(), "taskio-load-"));
  const path = join(folder, "fifo", "web-stdout");
  chmodSync(folder, 0o777);
  Bun.spawnSync(["sh", "-c", `mkdir -m 777 "$(dirname "$0")" && mkfifo -m ${mode} "$0"`, path]);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
