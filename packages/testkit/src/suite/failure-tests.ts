import type { Sink, StreamResult } from "@taskio/core";
import { TaskIOError } from "@taskio/core";
import { describe, expect } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { makePipe } from "../streams/make-pipe.ts";
import { expectSameBytes, noise, split } from "./data.ts";
import type { Suite } from "./suite.ts";
import { type TestBed } from "./test-bed.ts";
import { within } from "./time.ts";

const broken = new Error("the sink is broken");

/** Sinks, sources and tasks that fail while they are in use. */
export function failureTests(suite: Suite): void {
  describe("a failing sink is isolated", () => {
    suite.test("when a function throws", ["copies"], (bed) =>
      expectIsolated(bed, () => {
        throw broken;
      }),
    );

    suite.test("when a function's promise rejects", ["copies"], (bed) =>
      expectIsolated(bed, async () => {
        await Bun.sleep(1);
        throw broken;
      }),
    );

    suite.test("when a function throws after some chunks", ["copies"], async (bed) => {
      let calls = 0;
      const result = await expectIsolated(bed, () => {
        if (++calls > 3) throw broken;
      });
      expect(result.bytes).toBeGreaterThan(0);
      expect(calls).toBe(4); // it is not called again
    });

    suite.test("when a stream fails", ["copies", "webStreams"], (bed) =>
      expectIsolated(
        bed,
        new WritableStream({
          write() {
            throw broken;
          },
        }),
      ),
    );

    suite.test("when a stream is closed by its owner", ["copies", "webStreams"], async (bed) => {
      const stream = new WritableStream<Uint8Array>();
      await stream.close();
      await expectIsolated(bed, stream, { cause: false });
    });

    suite.test("when a device is full", ["copies", "fds"], async (bed) => {
      const full = openSync("/dev/full", "w");
      try {
        const { error } = await expectIsolated(bed, full, { cause: false });
        expect(error?.errno).toBe("ENOSPC");
      } finally {
        closeSync(full);
      }
    });

    suite.test("when nobody reads a pipe any more", ["copies", "fds"], async (bed) => {
      const { reader, writer } = makePipe({ reader: 0, writer: 0 });
      closeSync(reader);
      try {
        const { error } = await expectIsolated(bed, writer, { cause: false });
        expect(error?.errno).toBe("EPIPE");
      } finally {
        closeSync(writer);
      }
    });
  });

  describe("a failing stdin", () => {
    const sources: [string, () => AsyncIterable<Uint8Array>, unknown][] = [
      ["an iterable that throws", () => failing(), broken],
      ["an iterable of text", () => texts(), undefined],
    ];
    for (const [name, source, cause] of sources) {
      suite.test(`${name} gives SOURCE_FAILED`, ["copies", "stdin"], async (bed) => {
        const { io } = await bed.start({ stdin: source() });
        const result = await within("stdinDone", io.stdinDone);
        expect([result?.end, result?.error?.code, result?.bytes]).toEqual([
          "failed",
          "SOURCE_FAILED",
          10,
        ]);
        if (cause) expect(result?.error?.cause).toBe(cause);
      });
    }

    suite.test(
      "a stream that fails gives SOURCE_FAILED",
      ["copies", "stdin", "webStreams"],
      async (bed) => {
        const stream = new ReadableStream({
          pull() {
            throw broken;
          },
        });
        const { io } = await bed.start({ stdin: stream });
        const result = await within("stdinDone", io.stdinDone);
        expect([result?.error?.code, result?.error?.cause]).toEqual(["SOURCE_FAILED", broken]);
      },
    );

    suite.test("does not touch the outputs", ["copies", "stdin"], async (bed) => {
      const seen: Uint8Array[] = [];
      const { io, peer } = await bed.start({
        stdin: failing(),
        stdout: (chunk) => void seen.push(chunk),
      });
      await within("stdinDone", io.stdinDone);
      await peer.write("stdout", noise(1000));
      await peer.exit();
      const result = await within("wait()", io.wait());
      expectSameBytes("stdout", Buffer.concat(seen), noise(1000));
      expect([result.stdout?.end, result.stdin?.end]).toEqual(["eof", "failed"]);
    });

    suite.test("a task that leaves gives PEER_GONE", ["copies", "stdin"], async (bed) => {
      async function* source() {
        for (;;) {
          await Bun.sleep(1);
          yield noise(65_536);
        }
      }
      const { io, peer } = await bed.start({ stdin: source() });
      for await (const _ of peer.readStdin()) break;
      await peer.exit();
      const result = await within("stdinDone", io.stdinDone);
      expect([result?.end, result?.error?.code]).toEqual(["failed", "PEER_GONE"]);
      expect(result?.unacknowledged).toBeGreaterThan(0);
    });
  });
}

/** Fails stdout by `sink` and expects: the task goes on, stderr is complete, the result says it all. */
async function expectIsolated(
  bed: TestBed,
  sink: Sink,
  { cause = true } = {},
): Promise<StreamResult> {
  const total = 1 << 20;
  const seen: Uint8Array[] = [];
  const { io, peer } = await bed.start({
    stdout: sink,
    stderr: (chunk) => void seen.push(chunk),
  });
  const write = async (name: "stdout" | "stderr") => {
    for (const piece of split(noise(total), 50_000)) await peer.write(name, piece);
  };
  await within("the task's writes", Promise.all([write("stdout"), write("stderr")]));
  await peer.exit();
  const { stdout, stderr } = await within("wait()", io.wait());
  expectSameBytes("stderr", Buffer.concat(seen), noise(total));
  expect({ ...stderr }).toEqual({ bytes: total, discarded: 0, unacknowledged: 0, end: "eof" });
  expect(stdout?.end).toBe("failed");
  expect(stdout?.error).toBeInstanceOf(TaskIOError);
  expect(stdout?.error?.code).toBe("SINK_FAILED");
  if (cause) expect(stdout?.error?.cause).toBe(broken);
  expect(stdout!.discarded).toBeGreaterThan(0);
  expect(stdout!.bytes + stdout!.discarded).toBe(total);
  return stdout!;
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield noise(10);
  throw broken;
}

async function* texts(): AsyncGenerator<Uint8Array> {
  yield noise(10);
  yield "text" as unknown as Uint8Array;
}
