import { newFIFOSetInDir } from "@taskio/fifo";
import { spawnTask } from "@taskio/testkit";
import { expect } from "bun:test";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { newDirectIO } from "../src/index.ts";
import { bytes, codeOf } from "./support/bytes.ts";
import { fifoTest } from "./support/fifo-test.ts";

const mebibyte = 1 << 20;

fifoTest("1 MiB arrives, and closing is the moment for CloseIO", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using task = spawnTask(io.config, ["wc", "-c"]);
  const writer = io.stdin!.getWriter();
  for (let i = 0; i < 16; i++) await writer.write(new Uint8Array(mebibyte / 16));
  await writer.close();
  const ended = { bytes: mebibyte, discarded: 0, unacknowledged: 0, end: "eof" } as const;
  expect(await io.stdinDone).toEqual(ended);
  task.closeIO();
  expect(await io.stdout!.text()).toBe(`${mebibyte}\n`);
  expect(await io.stderr!.text()).toBe("");
  expect((await io.wait()).stdin).toEqual(ended);
});

fifoTest(
  "a terminal's stdin stays open after its stream's end, until close (c#4107)",
  async (folder) => {
    const set = await newFIFOSetInDir(folder, "t1", true);
    await using io = await newDirectIO(set);
    const shim = openSync(io.config.stdin, constants.O_RDONLY | constants.O_NONBLOCK);
    const read = () => readSync(shim, Buffer.alloc(8));
    await io.stdin!.close();
    expect(await io.stdinDone).toMatchObject({ bytes: 0, end: "eof" });
    expect(read).toThrow("EAGAIN");
    await io.close();
    expect(read()).toBe(0);
    closeSync(shim);
  },
);

fifoTest("takes what is piped into it", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using task = spawnTask(io.config, ["cat"]);
  void io.stdinDone.then(() => task.closeIO());
  const data = crypto.getRandomValues(new Uint8Array(60_000));
  const piped = new Blob([data, data, data]).stream().pipeTo(io.stdin!);
  const output = await io.stdout!.bytes();
  await piped;
  expect(Buffer.compare(output, Buffer.concat([data, data, data]))).toBe(0);
});

fifoTest("a write settles when the FIFO has taken all of it", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using _task = spawnTask(io.config, ["sleep", "60"]);
  const writer = io.stdin!.getWriter();
  await writer.write(new Uint8Array(65_536));
  const stuck = codeOf(writer.write(bytes("one more")));
  expect(await Promise.race([stuck, Bun.sleep(50)])).toBeUndefined();
  io.cancel();
  expect(await stuck).toBe("STOPPED");
  const result = { bytes: 65_536, discarded: 0, unacknowledged: 8, end: "stopped" } as const;
  expect(await io.stdinDone).toEqual(result);
});

fifoTest("a task that no longer reads fails the write, and the copy", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using task = spawnTask(io.config, ["head", "-c", "2"]);
  const writer = io.stdin!.getWriter();
  const closed = codeOf(writer.closed);
  await writer.write(bytes("ab"));
  await task.exited;
  const path = io.config.stdin;
  await expect(writer.write(bytes("cd"))).rejects.toMatchObject({ code: "PEER_GONE", path });
  expect(await codeOf(writer.write(bytes("ef")))).toBe("PEER_GONE");
  expect(await closed).toBe("PEER_GONE");
  const { end, bytes: count, unacknowledged, error } = (await io.stdinDone)!;
  expect([end, count, unacknowledged, error?.code]).toEqual(["failed", 2, 2, "PEER_GONE"]);
  expect(await io.stdout!.text()).toBe("ab");
});

fifoTest("a task that goes away fails a write that waits for room", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using task = spawnTask(io.config, ["sleep", "60"]);
  const write = codeOf(io.stdin!.getWriter().write(new Uint8Array(100_000)));
  await Bun.sleep(20);
  task.kill();
  expect(await write).toBe("PEER_GONE");
  const result = await io.stdinDone;
  expect([result?.end, result?.bytes, result?.unacknowledged]).toEqual(["failed", 65_536, 34_464]);
});

fifoTest("aborting stops stdin alone, also within a write", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using task = spawnTask(io.config, ["sh", "-c", "sleep 0.1; echo hello"]);
  const writer = io.stdin!.getWriter();
  const writes = [writer.write(new Uint8Array(100_000)), writer.write(bytes("x"))].map(codeOf);
  await Bun.sleep(20);
  await writer.abort("no more");
  expect(await io.stdinDone).toMatchObject({ end: "stopped", bytes: 65_536 });
  expect((await Promise.all(writes))[0]).toBe("STOPPED");
  expect(await io.stdout!.text()).toBe("hello\n");
  expect(await task.exited).toBe(0);
});

for (const [what, chunk] of Object.entries({
  text: "ab",
  undefined: undefined,
  DataView: new DataView(new ArrayBuffer(1)),
})) {
  fifoTest(`${what} is no chunk`, async (folder) => {
    await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
    const write = io.stdin!.getWriter().write(chunk as never);
    await expect(write).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(write).rejects.toThrow(`cannot write ${what} to stdin`);
    expect(await io.stdinDone).toMatchObject({ end: "failed", bytes: 0 });
  });
}

fifoTest("no bytes at all: the end waits for the task, the caller does not", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await io.stdin!.close();
  expect(await Promise.race([io.stdinDone, Bun.sleep(50)])).toBeUndefined();
  await using task = spawnTask(io.config, ["wc", "-c"]);
  expect(await io.stdinDone).toMatchObject({ end: "eof", bytes: 0 });
  task.closeIO();
  expect(await io.stdout!.text()).toBe("0\n");
});

fifoTest("closed before the task came, then cancelled", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await io.stdin!.close();
  io.cancel();
  expect(await io.stdinDone).toMatchObject({ end: "stopped", bytes: 0 });
});

fifoTest("what is written before the task came waits for it", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  const writer = io.stdin!.getWriter();
  const writes = ["1\n", "", "2\n", "3\n"].map((line) => writer.write(bytes(line)));
  const closed = writer.close();
  await using task = spawnTask(io.config, ["cat"]);
  await Promise.all([...writes, closed]);
  expect(await io.stdinDone).toMatchObject({ end: "eof", bytes: 6 });
  task.closeIO();
  expect(await io.stdout!.text()).toBe("1\n2\n3\n");
});
