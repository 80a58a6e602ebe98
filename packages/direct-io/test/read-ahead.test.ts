import { type FIFOSet, newFIFOSet } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { newDirectIO } from "../src/index.ts";
import { codeOf } from "./support/bytes.ts";
import { fifoTest } from "./support/fifo-test.ts";
import { writtenWhenBlocked } from "./support/written-when-blocked.ts";

// Rules 1 and 7: nothing is taken out of a FIFO that the caller did not ask for.

/** What a FIFO has taken when its task blocks. */
const capacity = 65_536;
/** Each write is counted when it is done: a page each makes the count exact. */
const writePages = ["dd", "if=/dev/zero", "bs=4096"];

type Stream = ReadableStream<Uint8Array>;
/** Reads what its name says, and gives the number of bytes that it got. */
type Look = (stream: Stream) => Promise<number>;

const looks: Record<string, Look> = {
  "nobody looks at it": async () => 0,
  "it has a reader": async (stream) => (stream.getReader(), 0),
  "one chunk was read": async (stream) => (await stream.getReader().read()).value!.length,
  "one chunk was read by for await": async (stream) => {
    for await (const chunk of stream.values({ preventCancel: true })) return chunk.length;
    return 0;
  },
  "a sink is busy with the first chunk": (stream) =>
    new Promise((resolve) => {
      const write = (chunk: Uint8Array) => (resolve(chunk.length), new Promise<void>(() => {}));
      void stream.pipeTo(new WritableStream({ write }), { preventAbort: true }).catch(() => {});
    }),
  "a Response has it, unread": async (stream) => (void new Response(stream), 0),
};

describe("not read ahead while", () => {
  for (const [state, look] of Object.entries(looks)) {
    fifoTest(state, async (folder) => {
      await using fifos = await newFIFOSetInDir(folder, "t1", false);
      await using task = spawnTask(fifos.config, writePages);
      await using io = await newDirectIO(newFIFOSet(fifos.config));
      const taken = await look(io.stdout!);
      expect(await writtenWhenBlocked(task.pid)).toBe(taken + capacity);
      const { stdout } = await io.detach();
      expect(stdout).toEqual({ bytes: taken, discarded: 0, unacknowledged: 0, end: "stopped" });
    });
  }
});

describe("a lock that is released while a read is pending", () => {
  fifoTest("leaves the chunk in the FIFO", async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    await using io = await newDirectIO(newFIFOSet(fifos.config));
    giveUpRead(io.stdout!);
    await using task = await echo(fifos, "hello");
    const { stdout } = await io.detach();
    expect(stdout).toMatchObject({ bytes: 0, unacknowledged: 0 });
    await using again = await newDirectIO(newFIFOSet(fifos.config));
    const reading = again.stdout!.text();
    task.release();
    expect(await reading).toBe("hello\n");
  });

  fifoTest("and taken again gives the chunk to the next read", async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    await using io = await newDirectIO(newFIFOSet(fifos.config));
    giveUpRead(io.stdout!);
    const reader = io.stdout!.getReader();
    await using _task = await echo(fifos, "hello");
    expect(text((await reader.read()).value)).toBe("hello\n");
  });

  fifoTest("a chunk that came meanwhile can be read after a stop, then STOPPED", async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    await using io = await newDirectIO(newFIFOSet(fifos.config));
    giveUpRead(io.stdout!);
    const reader = io.stdout!.getReader();
    await using _task = await echo(fifos, "hello");
    await Bun.sleep(20);
    const { stdout } = await io.detach();
    expect(stdout).toEqual({ bytes: 6, discarded: 0, unacknowledged: 6, end: "stopped" });
    expect(text((await reader.read()).value)).toBe("hello\n");
    expect(await codeOf(reader.read())).toBe("STOPPED");
    expect(await codeOf(reader.closed)).toBe("STOPPED");
  });
});

fifoTest("a caller that does not read blocks the task, in bounded memory", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using task = spawnTask(io.config, countingCommand());
  const output = new CountedOutput();
  const reader = io.stdout!.getReader();
  output.push((await reader.read()).value!);
  const memory = process.memoryUsage.rss();
  const written = await writtenWhenBlocked(task.pid);
  expect(process.memoryUsage.rss() - memory).toBeLessThan(16 << 20);
  while (output.bytes < written + 1e6) output.push((await reader.read()).value!);
});

fifoTest("a gigabyte passes in bounded memory, and timers run", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using _task = spawnTask(io.config, ["head", "-c", "1000000000", "/dev/zero"]);
  const memory = process.memoryUsage.rss();
  let [total, peak, ticks] = [0, 0, 0];
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    ticks++;
  }, 1);
  for await (const chunk of io.stdout!) total += chunk.length;
  clearInterval(timer);
  expect(total).toBe(1_000_000_000);
  expect(ticks).toBeGreaterThan(10);
  expect(peak - memory).toBeLessThan(200 << 20);
});

const text = (chunk?: Uint8Array) => new TextDecoder().decode(chunk);

function giveUpRead(stream: Stream): void {
  const reader = stream.getReader();
  reader.read().catch(() => {});
  reader.releaseLock();
}

/** A task that has written `line` and ended; what it wrote is held. */
async function echo(fifos: FIFOSet, line: string) {
  await Bun.sleep(5); // the streams wait by now
  const task = spawnTask(fifos.config, ["echo", line], { hold: true });
  await task.exited;
  return task;
}
