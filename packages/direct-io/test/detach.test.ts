import { newFIFOSet } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { type DirectIO, newDirectIO } from "../src/index.ts";
import { drain } from "./support/bytes.ts";
import { fifoTest } from "./support/fifo-test.ts";

// Rule 1: over any sequence of detach and attach, the pieces concatenated are what the task wrote.

const cycles = 400;

type Take = (chunk: Uint8Array) => void;
/** Reads until the stream ends, by itself or by a stop. */
type Consume = (stream: ReadableStream<Uint8Array>, take: Take) => Promise<unknown>;

const consumers: Record<string, Consume> = {
  "for await": drain,

  async "a reader that is slow"(stream, take) {
    const reader = stream.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        await Bun.sleep(0.3);
        take(value);
      }
    } catch {}
  },

  async "a reader with many reads pending"(stream, take) {
    const reader = stream.getReader();
    const readNext = async (): Promise<void> => {
      const { done, value } = await reader.read();
      if (done) return;
      take(value);
      await readNext();
    };
    await Promise.allSettled([readNext(), readNext(), readNext()]);
  },

  async "a reader that gives up its lock now and then"(stream, take) {
    for (let stopped = false; !stopped;) {
      const reader = stream.getReader();
      const stop = setTimeout(() => reader.releaseLock(), 0);
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) stopped = true;
          else take(value);
          if (done) break;
        }
      } catch (error) {
        stopped = (error as { code?: string }).code === "STOPPED";
      }
      clearTimeout(stop);
      reader.releaseLock();
    }
  },

  async "pipeTo a sink that is slow"(stream, take) {
    const write = async (chunk: Uint8Array) => {
      await Bun.sleep(0.3);
      take(chunk);
    };
    await stream.pipeTo(new WritableStream({ write })).catch(() => {});
  },

  "pipeThrough, which takes a chunk ahead": (stream, take) =>
    drain(stream.pipeThrough(new TransformStream()), take),
};

describe(`${cycles} detaches and attaches of a task at full speed are exact with`, () => {
  for (const [name, consume] of Object.entries(consumers)) {
    fifoTest(name, async (folder) => {
      await using fifos = await newFIFOSetInDir(folder, "t1", false);
      await using task = spawnTask(fifos.config, countingCommand(), { hold: true });
      const output = new CountedOutput();
      const take: Take = (chunk) => output.push(chunk);
      let counted = 0;
      for (let i = 0; i < cycles; i++) {
        const io = await newDirectIO(newFIFOSet(fifos.config));
        const consuming = consume(io.stdout!, take);
        await pause(i);
        counted += (await io.detach()).stdout!.bytes;
        await consuming;
      }
      task.kill();
      await task.exited;
      const io = await newDirectIO(newFIFOSet(fifos.config));
      const consuming = consume(io.stdout!, take);
      task.release();
      await consuming;
      counted += await outputOf(io);
      expect(output.bytes).toBe(counted);
      expect(output.lines).toBeGreaterThan(cycles);
    });
  }

  fifoTest("a read or two each, to the last line", async (folder) => {
    const limit = 10_000_000; // more than all cycles read
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    await using _task = spawnTask(fifos.config, countingCommand(limit));
    const output = new CountedOutput();
    for (let i = 0; i < cycles; i++) {
      await using io = await newDirectIO(newFIFOSet(fifos.config));
      const reader = io.stdout!.getReader();
      for (let reads = i % 3; reads > 0; reads--) output.push((await reader.read()).value!);
      await io.detach();
    }
    await using io = await newDirectIO(newFIFOSet(fifos.config));
    await drain(io.stdout!, (chunk) => output.push(chunk));
    output.end(limit);
    await io.stderr!.cancel();
    expect((await io.wait()).stdout?.end).toBe("eof");
  });
});

fifoTest("stdin goes on exactly where each detach has cut it", async (folder) => {
  const limit = 2_000_000;
  const data = Buffer.from(await new Response(Bun.spawn(countingCommand(limit)).stdout).bytes());
  await using fifos = await newFIFOSetInDir(folder, "t1", false);
  await using task = spawnTask(fifos.config, ["cat"]);
  const output = new CountedOutput();
  await using reading = await newDirectIO(newFIFOSet({ ...fifos.config, stdin: "" }));
  const read = drain(reading.stdout!, (chunk) => output.push(chunk));
  let sent = 0;
  for (let i = 0; i < cycles && sent < data.length; i++) {
    const io = await newDirectIO(newFIFOSet({ ...fifos.config, stdout: "", stderr: "" }));
    const writer = io.stdin!.getWriter();
    void writer.write(data.subarray(sent)).catch(() => {});
    await pause(i);
    await io.detach();
    sent += (await io.stdinDone)!.bytes;
  }
  await using io = await newDirectIO(newFIFOSet({ ...fifos.config, stdout: "", stderr: "" }));
  const writer = io.stdin!.getWriter();
  await writer.write(data.subarray(sent)); // no Blob: a large one is a memfd until it is collected
  await writer.close();
  task.closeIO();
  await read;
  output.end(limit);
});

/** From nothing at all to a few milliseconds. */
async function pause(cycle: number): Promise<void> {
  const kind = cycle % 4;
  if (kind === 1) await Promise.resolve();
  if (kind === 2) await new Promise((resolve) => setImmediate(resolve));
  if (kind === 3) await Bun.sleep(cycle % 5);
}

async function outputOf(io: DirectIO): Promise<number> {
  await io.stderr!.cancel();
  const { stdout } = await io.wait();
  expect(stdout!.end).toBe("eof");
  io.cancel();
  return stdout!.bytes;
}
