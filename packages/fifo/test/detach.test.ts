import { type FIFOSet, type IO, newFIFOSet, type Sink, withStreams } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { closeSync, openSync, readFileSync, readSync, truncateSync } from "node:fs";
import { pipe } from "../src/pipe.ts";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { withoutLeaks } from "./support/leaks.ts";
import { isReadable } from "./support/is-readable.ts";
import { random } from "./support/random.ts";

// Rule 1: over any sequence of detach and attach, the pieces concatenated are what the task wrote.

const cycles = 1000;

/** A sink for one attach, and what it got when the attach is over. */
interface Piece extends Disposable {
  readonly sink: Sink;
  read(): Uint8Array;
}

const sinks: Record<string, (folder: string) => Piece> = {
  "a file (fd)"(folder) {
    const path = `${folder}/piece`;
    const fd = openSync(path, "w");
    return {
      sink: fd,
      read: () => readFileSync(path),
      [Symbol.dispose]() {
        closeSync(fd);
        truncateSync(path);
      },
    };
  },

  "a file opened to append (fd)"(folder) {
    const path = `${folder}/piece`;
    const fd = openSync(path, "a");
    return {
      sink: fd,
      read: () => readFileSync(path),
      [Symbol.dispose]() {
        closeSync(fd);
        truncateSync(path);
      },
    };
  },

  "a pipe that is read slowly (fd)"() {
    const [readEnd, writeEnd] = pipe();
    const pieces: Uint8Array[] = [];
    const readOne = (size: number) => {
      const buffer = new Uint8Array(size);
      pieces.push(buffer.subarray(0, readSync(readEnd, buffer)));
    };
    const timer = setInterval(() => isReadable(readEnd) && readOne(3000), 0);
    return {
      sink: writeEnd,
      read() {
        clearInterval(timer);
        while (isReadable(readEnd)) readOne(1 << 20);
        return Buffer.concat(pieces);
      },
      [Symbol.dispose]() {
        closeSync(readEnd);
        closeSync(writeEnd);
      },
    };
  },

  "a function that is fast"() {
    const pieces: Uint8Array[] = [];
    return {
      sink: (chunk) => void pieces.push(chunk),
      read: () => Buffer.concat(pieces),
      [Symbol.dispose]() {},
    };
  },

  "a function that is slow"() {
    const pieces: Uint8Array[] = [];
    return {
      async sink(chunk) {
        await Bun.sleep(1);
        pieces.push(chunk);
      },
      read: () => Buffer.concat(pieces),
      [Symbol.dispose]() {},
    };
  },

  "a WritableStream"() {
    const pieces: Uint8Array[] = [];
    return {
      sink: new WritableStream({ write: (chunk) => void pieces.push(chunk) }),
      read: () => Buffer.concat(pieces),
      [Symbol.dispose]() {},
    };
  },
};

describe(`${cycles} detaches and attaches while a process writes at full speed`, () => {
  test.each(Object.entries(sinks))("into %s: every byte once, in order", async (_, piece) => {
    await withoutLeaks(async (dir) => {
      using folder = tempFolder();
      await using fifos = await newFIFOSetInDir(dir, "counting", false);
      await using task = spawnTask(fifos.config, countingCommand());
      const output = new CountedOutput();
      const next = random(1);
      for (let i = 0; i < cycles; i++) {
        using into = piece(folder.path);
        const io = await attach(fifos, into.sink);
        await pause(next);
        const { stdout } = await io.detach();
        const bytes = into.read();
        expect(stdout).toEqual({
          bytes: bytes.length,
          discarded: 0,
          unacknowledged: 0,
          end: "stopped",
        });
        output.push(bytes);
      }
      expect(output.bytes).toBeGreaterThan(1_000_000);
      expect(task.pid).toBeGreaterThan(0);
    });
  });
});

test("a task that ends while nobody is attached keeps its last output for the next attach", async () => {
  await withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    await (await attach(fifos, () => {})).detach();
    await using task = spawnTask(fifos.config, ["echo", "precious"], { hold: true });
    await task.exited;
    const pieces: Uint8Array[] = [];
    const io = await attach(fifos, (chunk) => void pieces.push(chunk));
    task.release();
    await io.wait();
    expect(Buffer.concat(pieces).toString()).toBe("precious\n");
    await io.close();
  });
});

test("detach lets a sink's call under way end, and cancel cuts that short", async () => {
  await withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    await using task = spawnTask(fifos.config, ["echo", "hello"], { hold: true });
    const called = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const io = await attach(fifos, () => (called.resolve(), release.promise));
    await called.promise;
    const detached = io.detach();
    io.cancel();
    expect((await detached).stdout).toMatchObject({ bytes: 6, unacknowledged: 6, end: "stopped" });
    release.resolve();
    task.kill();
  });
});

function attach(fifos: FIFOSet, stdout: Sink): Promise<IO> {
  return newAttach(withStreams(undefined, stdout))(newFIFOSet(fifos.config));
}

/** Nothing, a turn of the event loop, some µs of work, or up to 2 ms. */
async function pause(next: () => number): Promise<void> {
  const kind = Math.floor(next() * 4);
  if (kind === 1) await new Promise(setImmediate);
  if (kind === 2) for (const end = performance.now() + next() * 0.3; performance.now() < end;);
  if (kind === 3) await Bun.sleep(next() * 2);
}
