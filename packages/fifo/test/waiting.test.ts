import { type IO, withFIFODir, withStreams } from "@taskio/core";
import { spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { newCreator, openFifo } from "../src/index.ts";
import { kickWriters } from "../src/peer-sweep.ts";
import { withoutLeaks } from "./support/leaks.ts";

// Rule 3: no thread waits (c#9668, c#13952, f#56: Go pins an OS thread per waiting FIFO).

const waiting = 2000;
const mostThreads = 16;

const threads = () => readdirSync("/proc/self/task").length;

async function openMany(dir: string, ...streams: Parameters<typeof withStreams>): Promise<IO[]> {
  const create = newCreator(withStreams(...streams), withFIFODir(dir));
  const count = streams.filter((stream) => stream !== undefined).length;
  return Promise.all(Array.from({ length: waiting / count }, (_, i) => create(`t${i}`)));
}

/** What a program does besides: timers, file reads, compression, a child. */
async function expectUndisturbed(): Promise<void> {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const start = performance.now();
  await Bun.sleep(500);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan((performance.now() - start) / 5 / 3);
  const text = await readFile(import.meta.path, "utf8");
  expect(await Bun.file(import.meta.path).text()).toBe(text);
  expect(Bun.gunzipSync(gzipSync(text)).length).toBe(Buffer.byteLength(text));
  expect(await new Response(Bun.spawn(["echo", "hi"]).stdout).text()).toBe("hi\n");
}

describe(`${waiting} FIFOs that wait for a peer`, () => {
  const cases: { name: string; streams: Parameters<typeof withStreams> }[] = [
    {
      name: "reading into functions, writing from bytes",
      streams: [new Uint8Array(3), () => {}, () => {}],
    },
    { name: "reading into fds, writing from fds", streams: [0, 1, 2] },
    { name: "all reading", streams: [undefined, () => {}, 1] },
    { name: "all writing", streams: [new Uint8Array(3)] },
  ];

  test.each(cases)("$name", ({ streams }) =>
    withoutLeaks(async (dir) => {
      const ios = await openMany(dir, ...streams);
      expect(threads()).toBeLessThanOrEqual(mostThreads);
      await expectUndisturbed();
      expect(threads()).toBeLessThanOrEqual(mostThreads);

      const last = ios.at(-1)!;
      if (streams[1] !== undefined && typeof streams[1] !== "number") {
        await using task = spawnTask(last.config, ["echo", "found"]);
        expect((await last.wait()).stdout).toMatchObject({ bytes: 6, end: "eof" });
        await task.exited;
      }
      for (const io of ios) io.cancel();
      await Promise.all(ios.map((io) => io.wait()));
      await Promise.all(ios.map((io) => io.close()));
    }),
  );
});

test("a waiting writer costs little while nobody comes", () =>
  withoutLeaks(async (dir) => {
    const ios = await openMany(dir, new Uint8Array(3));
    await Bun.sleep(500);
    const before = process.cpuUsage();
    const start = performance.now();
    await Bun.sleep(1000);
    const { user, system } = process.cpuUsage(before);
    const share = (user + system) / 1000 / (performance.now() - start);
    expect(share).toBeLessThan(0.3); // 5 % on an idle machine
    await Promise.all(ios.map((io) => io.close()));
  }));

test("a reader is found soon, and at once when a client says that it has come", () =>
  withoutLeaks(async (dir) => {
    const create = newCreator(withStreams(new TextEncoder().encode("hello")), withFIFODir(dir));
    for (const kick of [false, true]) {
      await using io = await create("t");
      await Bun.sleep(300);
      await using reader = await openFifo(io.config.stdin, { read: true, nonblock: true });
      if (kick) kickWriters();
      expect(await io.stdinDone).toMatchObject({ bytes: 5, end: "eof" });
      expect(await reader.read(new Uint8Array(9))).toBe(5);
      expect(await reader.read(new Uint8Array(9))).toBe(0);
    }
  }));

// Rule 4: a writer that comes and goes makes a waiting reader see the end (containerd/fifo's Close
// opens the other side for a moment).
test("opens that wait, are given up or closed are nobody's peer: a waiting reader sees no end", () =>
  withoutLeaks(async (dir) => {
    const create = newCreator(
      withStreams(new Uint8Array(1), () => {}),
      withFIFODir(dir),
    );
    await using io = await create("t");
    const { stdin, stdout } = io.config;
    const waiting = openFifo(stdout, { read: true, signal: AbortSignal.timeout(100) });
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
    const abort = new AbortController();
    const { signal } = abort;
    await using reading = await openFifo(stdout, { read: true, nonblock: true, signal });
    abort.abort();
    await expect(reading.read(new Uint8Array(1))).rejects.toMatchObject({ code: "CLOSED" });
    await using other = await openFifo(stdin, { write: true, nonblock: true });
    await other.close();
    const state = () =>
      Promise.race([io.wait(), io.stdinDone, Bun.sleep(100).then(() => "waiting")]);
    expect(await state()).toBe("waiting");

    await using writer = await openFifo(stdout, { write: true, nonblock: true });
    await writer.write(new Uint8Array(7));
    await writer.close();
    expect((await io.wait()).stdout).toMatchObject({ bytes: 7, end: "eof" });
  }));
