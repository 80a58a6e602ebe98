import { newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { loadLibc } from "@taskio/fifo/libc";
import { until } from "@taskio/test-support";
import { openFifoPeer } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type HubOutput, newHubAttach, newOutputHub, withHub } from "../src/index.ts";
import { hubTest } from "./support/hub-test.ts";
import { MemoryLog } from "./support/memory-log.ts";
import { refusal } from "./support/refusal.ts";

const O_CLOEXEC = 0o2000000;
const { pipe2 } = loadLibc({ pipe2: { args: ["ptr", "i32"], returns: "i32" } }, "tests need");

function pipe(): [reader: number, writer: number] {
  const ends = new Int32Array(2);
  if (pipe2(ends, O_CLOEXEC) !== 0) throw new Error("pipe2 failed");
  return [ends[0]!, ends[1]!];
}

/** As of a task whose streams a logger has. */
const uri = "binary:///opt/driver";
const config = { terminal: false, stdin: "", stdout: uri, stderr: uri };

/** Attaches, and remembers what it gets of stdout. */
async function look(folder: string, socket: string) {
  const chunks: Uint8Array[] = [];
  const streams = withStreams(undefined, (chunk) => void chunks.push(chunk));
  const attach = newHubAttach(streams, withFIFODir(folder), withHub({ socket }));
  const io = await attach(newFIFOSet(config));
  const text = () => Buffer.concat(chunks).toString();
  return { io, text, [Symbol.asyncDispose]: () => io.close() };
}

describe("a hub of open outputs", () => {
  hubTest("serves viewers with what comes out of a pipe, and logs it", async (folder) => {
    const socket = join(folder, "hub.sock");
    const [reader, writer] = pipe();
    const log = new MemoryLog();
    await using hub = await newOutputHub({ stdout: reader }, { socket, log });
    writeSync(writer, "one\n");
    await using first = await look(folder, socket);
    await until(() => first.text() === "one\n");
    await using second = await look(folder, socket);
    expect(hub.viewers).toBe(2);
    writeSync(writer, "two\n");
    closeSync(writer);
    expect(await hub.wait()).toMatchObject({ stdout: { bytes: 8, end: "eof" } });
    for (const viewer of [first, second]) {
      expect((await viewer.io.wait()).stdout?.end).toBe("eof");
      expect(viewer.text()).toBe("one\ntwo\n");
    }
    expect(log.bytes().toString()).toBe("one\ntwo\n");
    closeSync(reader);
    await hub.close();
    expect(existsSync(socket)).toBe(false);
  });

  hubTest("leaves a pipe to its fd, and what it has not read in it", async (folder) => {
    const [reader, writer] = pipe();
    const hub = await newOutputHub({ stderr: reader }, { socket: join(folder, "hub.sock") });
    writeSync(writer, "one");
    const result = hub.wait();
    await hub.close();
    writeSync(writer, " two");
    closeSync(writer);
    const left = readFileSync(reader, "utf8");
    expect(`${"one".slice(0, (await result).stderr?.bytes)}${left}`).toBe("one two");
    closeSync(reader);
  });

  hubTest("has no stdin, nor an output that it was not given", async (folder) => {
    const socket = join(folder, "hub.sock");
    const [reader, writer] = pipe();
    await using _hub = await newOutputHub({ stdout: reader }, { socket });
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const asked = [withStreams(new Blob(["x"])), withStreams(undefined, undefined, () => {})];
    for (const streams of asked) {
      const attach = newHubAttach(streams, withFIFODir(folder), withHub({ socket }));
      expect((await refusal(attach(fifos))).code).toBe("NOT_FOUND");
    }
    await fifos.close();
    for (const fd of [reader, writer]) closeSync(fd);
  });

  hubTest("is refused what it cannot read", async (folder) => {
    const socket = join(folder, "hub.sock");
    const [reader, writer] = pipe();
    const file = openSync(import.meta.path, "r");
    const cases: [outputs: { stdout?: HubOutput }, socket: string, code: string][] = [
      [{}, socket, "INVALID_CONFIG"],
      [{ stdout: reader }, "", "INVALID_ARGUMENT"],
      [{ stdout: 12_345 }, socket, "INVALID_ARGUMENT"],
      [{ stdout: file }, socket, "INVALID_ARGUMENT"],
    ];
    for (const [outputs, socket, code] of cases) {
      expect((await refusal(newOutputHub(outputs, { socket }))).code).toBe(code as never);
    }
    await using hub = await newOutputHub({ stdout: reader }, { socket });
    const other = join(folder, "other.sock");
    for (const path of [socket, other]) {
      const error = await refusal(newOutputHub({ stdout: reader }, { socket: path }));
      expect(error.code).toBe("IN_USE");
    }
    await hub.close();
    for (const fd of [reader, writer, file]) closeSync(fd);
  });

  hubTest("may have the FIFOs of a task, of which it has no config", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const stdout = openSync(fifos.config.stdout, "r+");
    const socket = join(folder, "deep", "hub.sock");
    const hub = await newOutputHub({ stdout }, { socket });
    const peer = openFifoPeer(fifos.config);
    await peer.write("stdout", Buffer.from("hello"));
    await using one = await look(folder, socket);
    await until(() => one.text() === "hello");
    await hub.close();
    expect((await one.io.wait()).stdout?.error?.code).toBe("ENGINE_FAILED");
    peer.exit();
    closeSync(stdout);
    await fifos.close();
    rmSync(join(folder, "deep"), { recursive: true });
  });
});
