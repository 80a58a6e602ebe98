import type { IO } from "@taskio/core";
import { describe, expect } from "bun:test";
import { CountedLines } from "../counted/counted-lines.ts";
import { CountedOutput } from "../counted/counted-output.ts";
import type { HeldStreams } from "./backend.ts";
import { collect, expectSameBytes, noise, split } from "./data.ts";
import type { Suite } from "./suite.ts";
import { expectRefused, type TestBed } from "./test-bed.ts";
import { settledValue, within } from "./time.ts";

const wiring = { stdin: new Uint8Array(0), stdout: () => {}, stderr: () => {} };

/** Lets a little through the caller's streams, for the warm-up. */
export async function passThrough(bed: TestBed): Promise<void> {
  const { io, held, peer } = await start(bed);
  const seen = collect(held.stdout!);
  await held.stdin?.getWriter().write(noise(10));
  await peer.write("stdout", noise(10));
  await peer.exit();
  await within("the end", seen);
  await io.close();
}

/** Backends that give the caller the streams themselves. */
export function heldTests(suite: Suite): void {
  describe("streams in the caller's hands", () => {
    suite.test(
      "give exactly what the task writes, and end with it",
      ["heldStreams"],
      async (bed) => {
        const { io, held, peer } = await start(bed);
        const seen = Promise.all([collect(held.stdout!), collect(held.stderr!)]);
        const write = async (name: "stdout" | "stderr", seed: number) => {
          for (const piece of split(noise(300_000, seed))) await peer.write(name, piece);
        };
        await within("both writes", Promise.all([write("stdout", 1), write("stderr", 2)]));
        await peer.exit();
        const [stdout, stderr] = await within("the end of both", seen);
        expectSameBytes("stdout", stdout, noise(300_000, 1));
        expectSameBytes("stderr", stderr, noise(300_000, 2));
        await within("wait()", io.wait());
      },
    );

    suite.test(
      "bring exactly what is written to the task",
      ["heldStreams", "stdin"],
      async (bed) => {
        const { held, peer } = await start(bed);
        const received = collect(peer.readStdin());
        const writer = held.stdin!.getWriter();
        for (const piece of split(noise(300_000))) await within("a write", writer.write(piece));
        await within("the end of the writer", writer.close());
        await peer.closeIO();
        expectSameBytes("stdin", await within("the end of stdin", received), noise(300_000));
      },
    );

    suite.test("stop the writer when they are not read", ["heldStreams"], async (bed) => {
      const { peer } = await start(bed);
      let accepted = 0;
      const write = async () => {
        for (const piece = noise(65_536); ; accepted += piece.length)
          await peer.write("stdout", piece);
      };
      write().catch(() => {}); // ends with the task
      expect(await settledValue(() => accepted)).toBeLessThan(16 << 20);
    });

    suite.test("cancel() ends a read that waits, and wait()", ["heldStreams"], async (bed) => {
      const { io, held } = await start(bed);
      const reading = held.stdout!.getReader().read();
      io.cancel();
      await within("wait()", io.wait(), 1000);
      await within(
        "the read",
        reading.catch(() => {}),
        1000,
      );
    });

    suite.test("have one reader", ["heldStreams", "attach", "oneReader"], async (bed) => {
      const { io, held, peer } = await start(bed);
      await expectRefused("IN_USE", () => bed.attach(io.config, wiring));
      const seen = collect(held.stdout!);
      await within("a write", peer.write("stdout", noise(1000)));
      await peer.exit();
      expectSameBytes("stdout", await within("the end", seen), noise(1000));
      await io.close();
    });

    suite.test(
      "cancel() takes nothing that was not read",
      ["heldStreams", "attach"],
      async (bed) => {
        const { io, held, peer } = await start(bed);
        const output = new CountedOutput();
        let enough = false;
        const writing = (async () => {
          const lines = new CountedLines();
          for (; !enough; lines.next()) await peer.write("stdout", Buffer.from(lines.block));
          return lines.first - 1;
        })();
        await readSome(held.stdout!, output, 2);
        io.cancel();
        await within("wait()", io.wait());
        for (let round = 0; round < 5; round++) {
          const attached = await bed.attach(io.config, wiring);
          await readSome(heldOf(bed, attached).stdout!, output, 2);
          await bed.detach(attached);
        }
        const last = await bed.attach(io.config, wiring);
        const rest = collect(heldOf(bed, last).stdout!);
        enough = true;
        const written = await within("the writes", writing);
        await peer.exit();
        output.push(await within("the rest", rest));
        output.end(written);
        await last.close();
      },
    );
  });
}

async function start(bed: TestBed) {
  const { io, peer } = await bed.start(wiring);
  return { io, peer, held: heldOf(bed, io) };
}

function heldOf(bed: TestBed, io: IO): HeldStreams {
  if (!bed.fixture.held) throw new Error("the fixture has no held: the suite needs one");
  return bed.fixture.held(io);
}

async function readSome(
  stream: ReadableStream<Uint8Array>,
  output: CountedOutput,
  chunks: number,
): Promise<void> {
  const reader = stream.getReader();
  for (let i = 0; i < chunks; i++) {
    const { value } = await within("a read", reader.read());
    if (value) output.push(value);
  }
  reader.releaseLock();
}
