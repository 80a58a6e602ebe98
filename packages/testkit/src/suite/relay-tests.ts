import type { IO } from "@taskio/core";
import { describe, expect } from "bun:test";
import { CountedLines } from "../counted/counted-lines.ts";
import { CountedOutput } from "../counted/counted-output.ts";
import type { Peer } from "../peer/peer.ts";
import { type SinkKind, sinkKinds } from "../streams/sink-kinds.ts";
import { Random, split } from "./data.ts";
import type { Suite } from "./suite.ts";
import type { TestBed } from "./test-bed.ts";
import { within } from "./time.ts";

/** How many IOs follow one another on one output. */
const rounds = 15;

/** Outputs that are handed from one IO to the next: the pieces are exactly what was written. */
export function relayTests(suite: Suite): void {
  describe("over many detaches and attaches", () => {
    for (const kind of sinkKinds) {
      suite.test(`nothing is lost into ${kind.name}`, ["copies", "attach", kind.needs], (bed) =>
        relayOutput(
          bed,
          () => kind,
          (io) => bed.detach(io),
        ),
      );
    }

    suite.test("nothing is lost over cancel() instead of detach()", ["copies", "attach"], (bed) =>
      relayOutput(bed, () => sinkKinds[0]!, cancel),
    );

    suite.test(
      "nothing is lost at whatever moment it is cancelled",
      ["copies", "attach"],
      anyMoment,
    );

    suite.test("nothing is lost from one kind of sink to the next", ["copies", "attach"], (bed) => {
      const kinds = sinkKinds.filter(({ needs }) => !needs || suite.can(needs));
      return relayOutput(
        bed,
        (round) => kinds[round % kinds.length]!,
        (io, round) => (round % 3 ? bed.detach(io) : cancel(io)),
      );
    });

    suite.test("nothing is lost into a sink that is slow", ["copies", "attach"], (bed) => {
      const slow: SinkKind = {
        name: "a slow function",
        open() {
          const chunks: Uint8Array[] = [];
          return {
            async sink(chunk) {
              await Bun.sleep(2);
              chunks.push(chunk);
            },
            finish: async () => Buffer.concat(chunks),
          };
        },
      };
      return relayOutput(
        bed,
        () => slow,
        (io) => bed.detach(io),
      );
    });
  });
}

async function cancel(io: IO) {
  io.cancel();
  return within("wait()", io.wait());
}

/** Cancels so many steps of the JS engine after a write, and looks whether the sink or the next has it. */
async function anyMoment(bed: TestBed): Promise<void> {
  let seen = 0;
  const wiring = { stdout: (chunk: Uint8Array) => void (seen += chunk.length) };
  let io = await bed.create(wiring);
  const { config } = io;
  const peer = await bed.peer(io);
  const moments = 40;
  for (let moment = 0; moment < moments; moment++) {
    await Bun.sleep(1); // the copy waits for output
    void peer.write("stdout", new Uint8Array(10));
    for (let step = 0; step < moment; step++) await undefined;
    await cancel(io);
    io = await bed.attach(config, wiring);
  }
  await peer.exit();
  await within("wait()", io.wait());
  expect(seen).toBe(10 * moments);
  await io.close();
}

/** One writer; readers that come and go at random moments while it writes. */
async function relayOutput(
  bed: TestBed,
  kindOf: (round: number) => SinkKind,
  leave: (io: IO, round: number) => ReturnType<IO["wait"]>,
): Promise<void> {
  const random = new Random(11);
  const output = new CountedOutput();
  let writer: CountingWriter | undefined;
  let config: IO["config"] | undefined;
  for (let round = 0; round < rounds; round++) {
    const { sink, finish } = kindOf(round).open();
    let received: Uint8Array;
    let bytes: number | undefined;
    try {
      const wiring = { stdout: sink };
      const io = config ? await bed.attach(config, wiring) : await bed.create(wiring);
      config = io.config;
      writer ??= new CountingWriter(await bed.peer(io));
      if (random.below(4)) await Bun.sleep(random.below(12));
      const last = round === rounds - 1;
      if (last) await within("the last write", writer.end());
      const { stdout } = await (last ? within("wait()", io.wait()) : leave(io, round));
      expect([stdout?.end, stdout?.unacknowledged]).toEqual([last ? "eof" : "stopped", 0]);
      bytes = stdout?.bytes;
      if (last) await within("close()", io.close());
    } finally {
      received = await finish();
    }
    expect(bytes).toBe(received.length);
    output.push(received);
  }
  output.end(writer!.lines);
}

/** Writes counted lines to the stdout of a task until it is told to end. */
class CountingWriter {
  readonly #peer: Peer;
  readonly #lines = new CountedLines();
  readonly #written: Promise<void>;
  #ending = false;

  constructor(peer: Peer) {
    this.#peer = peer;
    this.#written = this.#write();
    this.#written.catch(() => {}); // a test that fails leaves it behind
  }

  get lines(): number {
    return this.#lines.first - 1;
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#written;
    await this.#peer.exit();
  }

  async #write(): Promise<void> {
    for (; !this.#ending; this.#lines.next()) {
      for (const piece of split(Buffer.from(this.#lines.block), 20_000, this.#lines.first)) {
        await this.#peer.write("stdout", piece);
        await Bun.sleep(0);
      }
    }
  }
}
