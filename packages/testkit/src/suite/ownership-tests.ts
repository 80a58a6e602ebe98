import { newFIFOSet } from "@taskio/core";
import { describe, expect } from "bun:test";
import fs from "node:fs";
import { makePipe } from "../streams/make-pipe.ts";
import type { Capabilities } from "./backend.ts";
import { expectSameBytes, noise } from "./data.ts";
import type { Suite } from "./suite.ts";
import { expectRefused, type TestBed, type Wiring } from "./test-bed.ts";
import { until, within } from "./time.ts";

type IO = Awaited<ReturnType<TestBed["create"]>>;

type Refusal = (bed: TestBed, wiring: Wiring) => Promise<unknown>;

/** The ways a copy ends that leave the caller's streams with the caller. */
const endings: Record<string, (bed: TestBed, io: IO) => Promise<unknown>> = {
  "cancel()": async (_, io) => {
    io.cancel();
    await io.wait();
  },
  "detach()": (bed, io) => bed.detach(io),
  "close()": (_, io) => io.close(),
};

/** What belongs to the caller stays the caller's. */
export function ownershipTests(suite: Suite): void {
  describe("the caller's fds are neither closed nor changed", () => {
    suite.test("at the end of the file", ["copies", "fds"], (bed) =>
      withPipe(async (writer) => {
        const { io, peer } = await bed.start({ stdout: writer });
        await peer.write("stdout", noise(10));
        await peer.exit();
        await within("wait()", io.wait());
        await within("close()", io.close());
      }),
    );

    for (const [name, end] of Object.entries(endings)) {
      const needs = name === "detach()" ? "attach" : undefined;
      suite.test(`by ${name}`, ["copies", "fds", needs], (bed) =>
        withPipe(async (writer) => {
          const { io, peer } = await bed.start({ stdout: writer });
          await peer.write("stdout", noise(10));
          await within(name, end(bed, io));
          await within("close()", io.close());
        }),
      );
    }

    suite.test("as a source", ["copies", "fds", "stdin"], async (bed) => {
      const { reader, writer } = makePipe({ reader: 0, writer: 0 });
      try {
        const before = flags(reader);
        const { io } = await bed.start({ stdin: reader });
        io.cancel();
        await within("stdinDone", io.stdinDone);
        await within("close()", io.close());
        expect(flags(reader)).toBe(before);
        fs.writeSync(writer, "x");
        expect(fs.readSync(reader, Buffer.alloc(1))).toBe(1);
      } finally {
        fs.closeSync(reader);
        fs.closeSync(writer);
      }
    });
  });

  describe("the caller's web streams are unlocked and go on", () => {
    suite.test("at the end of the file", ["copies", "webStreams"], async (bed) => {
      const seen: Uint8Array[] = [];
      const stream = collecting(seen);
      const { io, peer } = await bed.start({ stdout: stream });
      await peer.write("stdout", noise(10, 1));
      await peer.exit();
      await within("wait()", io.wait());
      await expectWritable(stream);
      expectSameBytes(
        "what the stream got",
        Buffer.concat(seen),
        Buffer.concat([noise(10, 1), noise(5)]),
      );
    });

    for (const [name, end] of Object.entries(endings)) {
      const needs = name === "detach()" ? "attach" : undefined;
      suite.test(`by ${name}`, ["copies", "webStreams", needs], async (bed) => {
        const stream = collecting([]);
        const { io } = await bed.start({ stdout: stream });
        await within(name, end(bed, io));
        await expectWritable(stream);
      });

      suite.test(
        `by ${name}, as a source`,
        ["copies", "stdin", "webStreams", needs],
        async (bed) => {
          let cancelled = false;
          const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
          const { io } = await bed.start({ stdin: readable });
          await Bun.sleep(10);
          await within(name, end(bed, io));
          await within("stdinDone", io.stdinDone);
          const writer = writable.getWriter();
          writer.closed.catch(() => void (cancelled = true));
          const reader = readable.getReader();
          const read = reader.read();
          await within("a write", writer.write(noise(7)));
          expect((await within("a read", read)).value?.length).toBe(7);
          expect(cancelled).toBe(false);
        },
      );
    }

    suite.test("when it took both outputs", ["copies", "webStreams"], async (bed) => {
      const seen: Uint8Array[] = [];
      const stream = collecting(seen);
      const { io, peer } = await bed.start({ stdout: stream, stderr: stream });
      await peer.write("stdout", noise(10, 1));
      await until("stdout is there", () => seen.length > 0);
      await peer.write("stderr", noise(10, 2));
      await peer.exit();
      await within("wait()", io.wait());
      const both = Buffer.concat([noise(10, 1), noise(10, 2)]);
      expectSameBytes("what the stream got", Buffer.concat(seen), both);
      await expectWritable(stream);
    });

    const refused: [string, (keyof Capabilities)[], Refusal][] = [
      [
        "when another sink is refused",
        [],
        (bed, wiring) =>
          bed.expectRefused("INVALID_ARGUMENT", { ...wiring, stderr: "text" as never }),
      ],
      [
        "when the config is refused",
        ["terminal"],
        (bed, { stdin, stdout }) =>
          bed.expectRefused("INVALID_CONFIG", { stdin, stderr: stdout, terminal: true }),
      ],
      [
        "when an attach is refused",
        ["attach"],
        async (bed, wiring) => {
          const { config } = await bed.create({ stdout: () => {} });
          const missing = newFIFOSet({ ...config, stdout: `${config.stdout}-missing` });
          await expectRefused("NOT_FOUND", () => bed.attacher(wiring)(missing));
        },
      ],
    ];
    for (const [name, needs, refuse] of refused) {
      suite.test(name, ["copies", "webStreams", ...needs], async (bed) => {
        const stdout = new WritableStream<Uint8Array>();
        const stdin = new ReadableStream<Uint8Array>();
        await refuse(bed, { stdin: suite.can("stdin") ? stdin : undefined, stdout });
        expect([stdout.locked, stdin.locked]).toEqual([false, false]);
      });
    }
  });

  describe("the caller's objects", () => {
    suite.test("an iterable is not ended by cancel()", ["copies", "stdin"], async (bed) => {
      let ended = false;
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ done: false, value: noise(10) }),
          return: async () => {
            ended = true;
            return { done: true as const, value: undefined };
          },
        }),
      };
      const { io } = await bed.start({ stdin: source });
      await Bun.sleep(20);
      io.cancel();
      await within("stdinDone", io.stdinDone);
      expect(ended).toBe(false);
    });

    suite.test("bytes are not changed", ["copies", "stdin"], async (bed) => {
      const bytes = noise(100_000);
      const { io, peer } = await bed.start({ stdin: bytes });
      let read = 0;
      void (async () => {
        for await (const chunk of peer.readStdin()) {
          read += chunk.length;
          chunk.fill(0); // the reader's own
        }
      })();
      await within("stdinDone", io.stdinDone);
      await until("stdin is read", () => read === bytes.length);
      expectSameBytes("the source", bytes, noise(100_000));
    });

    suite.test("a written chunk may be used again", ["copies"], async (bed) => {
      const seen: Uint8Array[] = [];
      const { io, peer } = await bed.start({ stdout: (chunk) => void seen.push(chunk) });
      for (const chunk of [noise(1000, 1), noise(1000, 2)]) {
        await peer.write("stdout", chunk);
        chunk.fill(0);
      }
      await peer.exit();
      await within("wait()", io.wait());
      expectSameBytes(
        "stdout",
        Buffer.concat(seen),
        Buffer.concat([noise(1000, 1), noise(1000, 2)]),
      );
    });
  });
}

async function withPipe(run: (writer: number) => Promise<void>): Promise<void> {
  const { reader, writer } = makePipe({ reader: fs.constants.O_NONBLOCK, writer: 0 });
  try {
    const before = flags(writer);
    await run(writer);
    expect(flags(writer)).toBe(before);
    expect(fs.writeSync(writer, "still open")).toBe(10);
  } finally {
    fs.closeSync(reader);
    fs.closeSync(writer);
  }
}

/** The open file's flags, such as O_NONBLOCK: they are shared with whoever has the fd too. */
function flags(fd: number): string {
  return /^flags:.*$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))![0];
}

function collecting(seen: Uint8Array[]): WritableStream<Uint8Array> {
  return new WritableStream({ write: (chunk) => void seen.push(chunk) });
}

async function expectWritable(stream: WritableStream<Uint8Array>): Promise<void> {
  expect(stream.locked).toBe(false);
  const writer = stream.getWriter();
  await within("a write to the caller's stream", writer.write(noise(5)));
  writer.releaseLock();
}
