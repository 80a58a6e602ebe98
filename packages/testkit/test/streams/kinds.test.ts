import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import { expectNoLeaks, snapshotResources } from "../../src/index.ts";
import { sinkKinds } from "../../src/streams/sink-kinds.ts";
import { sourceKinds } from "../../src/streams/source-kinds.ts";
import { noise } from "../../src/suite/data.ts";

const data = noise(1000);

describe("the kinds of sinks give what was put into them, and leave nothing", () => {
  for (const kind of sinkKinds) {
    test(kind.name, async () => {
      await kind.open().finish(); // what Bun makes at the first use is lasting
      const before = snapshotResources();
      const { sink, finish } = kind.open();
      for (const piece of [data.subarray(0, 400), data.subarray(400)]) {
        if (typeof sink === "function") await sink(piece);
        else if (sink instanceof WritableStream) await write(sink, piece);
        else fs.writeSync(typeof sink === "number" ? sink : sink.fd, piece);
      }
      expect(Buffer.compare(await finish(), data)).toBe(0);
      await expectNoLeaks(before);
    });
  }
});

describe("the kinds of sources leave nothing", () => {
  for (const kind of sourceKinds) {
    test(kind.name, async () => {
      await kind.open([]).finish();
      const before = snapshotResources();
      const { source, finish } = kind.open([data, new Uint8Array(0), data]);
      if (source instanceof Blob) expect((await source.bytes()).length).toBe(2000);
      await finish();
      await expectNoLeaks(before);
    });
  }
});

async function write(stream: WritableStream<Uint8Array>, piece: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(piece);
  writer.releaseLock();
}
