import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
import { newHubAttach, withHub } from "@taskio/hub";
import { logURIGenerator } from "@taskio/log-file";
import { compileProgram, missingContainerd, tempFolder, until } from "@taskio/test-support";
import { readLogs } from "../../src/index.ts";
import { ContainerdRuntime } from "./support/containerd-runtime.ts";
import { DefaultReports } from "./support/default-reports.ts";
import { newId } from "./support/new-id.ts";
import { TaskdRuntime } from "./support/taskd-runtime.ts";

const folder = tempFolder();
const program = folder.file("driver");
const source = new URL("./support/viewed-driver.ts", import.meta.url).pathname;
beforeAll(() => compileProgram(source, program));
afterAll(() => folder[Symbol.dispose]());

const missing = missingContainerd();
if (missing) console.warn(`drivers with viewers are not tested with containerd: ${missing}`);

describe.each([
  ["containerd, by ctr", ContainerdRuntime, missing],
  ["the embedded runtime", TaskdRuntime, undefined],
] as const)("a compiled driver with viewers on %s", (_, Runtime, skipped) => {
  if (skipped !== undefined) return test.skip(skipped, () => {});

  test("shows all to each of them, and logs it", async () => {
    await using runtime = await Runtime.start();
    using reports = new DefaultReports();
    const dir = folder.file(newId());
    mkdirSync(dir);
    const uri = logURIGenerator("binary", program, { dir });
    const socket = join(dir, "hub.sock");
    const go = `/tmp/${newId()}`;
    const script = `seq 1 1000; echo oops >&2; until [ -e ${go} ]; do sleep 0.05; done; seq 1001 200000`;
    const running = runtime.run(uri, script);
    await until(() => existsSync(socket), "the driver's socket");
    await using one = await look(uri, socket);
    await until(() => one.stdout().includes("\n1000\n"));
    await using other = await look(uri, socket); // it gets the first part as a replay
    writeFileSync(join(runtime.rootfs, go), "");
    const ran = await running;
    rmSync(join(runtime.rootfs, go));
    expect(ran).toMatchObject({ exitCode: 0, error: "" });
    const all = Array.from({ length: 200_000 }, (_, at) => `${at + 1}\n`).join("");
    for (const viewer of [one, other]) {
      const { stdout, stderr } = await viewer.io.wait();
      expect([stdout?.end, stderr?.end]).toEqual(["eof", "eof"]);
      expect(viewer.stdout() === all).toBe(true);
      expect(viewer.stderr()).toBe("oops\n");
    }
    expect(await logged(join(dir, "task.log"))).toEqual({ stdout: all, stderr: "oops\n" });
    await until(() => !existsSync(socket), "the driver's end");
    expect(existsSync(reports.path(runtime.namespace, ran.id))).toBe(false);
  });
});

/** Attaches to a task by the streams that its runtime names, and the driver's socket. */
async function look(uri: string, socket: string) {
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const io = await newHubAttach(
    withStreams(
      undefined,
      (chunk) => void chunks.stdout.push(chunk),
      (chunk) => void chunks.stderr.push(chunk),
    ),
    withFIFODir(folder.path),
    withHub({ socket, readOnly: true }),
  )(newFIFOSet({ terminal: false, stdin: "", stdout: uri, stderr: uri }));
  return {
    io,
    stdout: () => Buffer.concat(chunks.stdout).toString(),
    stderr: () => Buffer.concat(chunks.stderr).toString(),
    [Symbol.asyncDispose]: () => io.close(),
  };
}

async function logged(path: string): Promise<Record<"stdout" | "stderr", string>> {
  const texts = { stdout: "", stderr: "" };
  for await (const { stream, data } of readLogs(path)) texts[stream] += Buffer.from(data);
  return texts;
}
