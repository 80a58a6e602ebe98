import type { Source } from "@taskio/core";
import { describe, expect } from "bun:test";
import { CountedOutput } from "../counted/counted-output.ts";
import { type SourceKind, sourceKinds } from "../streams/source-kinds.ts";
import { countedBytes, Random, split } from "./data.ts";
import type { Suite } from "./suite.ts";
import type { TestBed } from "./test-bed.ts";
import { within } from "./time.ts";

/** Lines of input in one relay: about 700 KB. */
const lines = 100_000;

const data = countedBytes(lines);

/** The kinds whose rest a copy that stopped leaves to the next one of the same source. */
const resumable: readonly SourceKind["name"][] = [
  "an async iterable",
  "a ReadableStream",
  "a ReadableStream of bytes",
];

/** A stdin that is handed from one IO to the next: the task reads exactly what was sent. */
export function relayStdinTests(suite: Suite): void {
  describe("over many detaches and attaches, stdin arrives exactly", () => {
    suite.test(
      "when each source begins where the last ended",
      ["copies", "stdin", "attach"],
      (bed) => relay(bed, (accepted) => iterate(data.subarray(accepted))),
    );

    for (const kind of sourceKinds.filter(({ name }) => resumable.includes(name))) {
      suite.test(
        `from ${kind.name} that stays`,
        ["copies", "stdin", "attach", kind.needs],
        (bed) => {
          const { source } = kind.open([...split(data, 20_000)]);
          return relay(bed, () => source);
        },
      );
    }
  });
}

/** One reader; writers that come and go at random moments until all is written. */
async function relay(bed: TestBed, sourceAt: (accepted: number) => Source): Promise<void> {
  const random = new Random(12);
  const input = new CountedOutput();
  const wiringAt = (accepted: number) => ({ stdin: sourceAt(accepted), stdout: () => {} });
  let io = await bed.create(wiringAt(0));
  const { config } = io;
  const peer = await bed.peer(io);
  const reading = (async () => {
    for await (const chunk of peer.readStdin()) {
      input.push(chunk);
      if (random.below(3) === 0) await Bun.sleep(random.below(3));
    }
  })();
  reading.catch(() => {}); // the race below says so
  for (let accepted = 0; ; io = await bed.attach(config, wiringAt(accepted))) {
    await Promise.race([Bun.sleep(random.below(12)), io.stdinDone, reading]); // or reading fails
    const { stdin } = await bed.detach(io);
    expect(stdin?.error).toBeUndefined();
    accepted += stdin!.bytes;
    if (stdin!.end !== "eof") continue;
    expect(accepted).toBe(data.length);
    break;
  }
  await peer.closeIO();
  await within("the end of stdin", reading);
  input.end(lines);
}

async function* iterate(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* split(bytes, 20_000, 13);
}
