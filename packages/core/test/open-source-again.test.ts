// A source that outlives a stopped copy: over any sequence of copies every byte is written once.
import { describe, expect, test } from "bun:test";
import { Readable } from "node:stream";
import fc from "fast-check";
import { copyFromSource, type Source } from "../src/index.ts";
import { counted, text, utf8 } from "./support/bytes.ts";
import { chunkSource } from "./support/chunk-source.ts";
import { FakeWriter } from "./support/fake-writer.ts";

/** A caller's stream of chunks, in each form that a Source may have. */
const forms: Record<string, (chunks: () => AsyncGenerator<Uint8Array>) => Source> = {
  "an async generator": (chunks) => chunks(),
  "a web stream": (chunks) => {
    const iterator = chunks();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
  },
  "a web stream that reads nothing ahead": (chunks) => {
    const iterator = chunks();
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      },
      { highWaterMark: 0 },
    );
  },
  "a web stream of bytes": (chunks) => {
    const iterator = chunks();
    return new ReadableStream({
      type: "bytes",
      async pull(controller) {
        let { done, value } = await iterator.next();
        while (!done && value!.length === 0) ({ done, value } = await iterator.next());
        if (done) controller.close();
        else controller.enqueue(value!);
      },
    });
  },
};

async function ticks(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await Promise.resolve();
}

describe.each(Object.entries(forms))("%s", (_name, form) => {
  test("begins the next copy with what the task had not accepted", async () => {
    const source = form(async function* () {
      yield utf8("abcdef");
      yield utf8("gh");
    });
    const first = new FakeWriter(4);
    const copy = copyFromSource(chunkSource(source), first);
    await Bun.sleep(1);
    copy.stop("detach");
    expect(await copy.done).toMatchObject({ bytes: 4, unacknowledged: 2 });
    const second = new FakeWriter();
    expect(await copyFromSource(chunkSource(source), second).done).toMatchObject({ bytes: 4 });
    expect(text([...first.chunks, ...second.chunks])).toBe("abcdefgh");
  });

  test("gives a chunk that comes between two copies to the second", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const source = form(async function* () {
      yield utf8("a");
      await promise;
      yield utf8("b");
    });
    const first = new FakeWriter();
    const copy = copyFromSource(chunkSource(source), first);
    await Bun.sleep(1);
    copy.stop("cancel");
    await copy.done;
    resolve();
    await Bun.sleep(1);
    const second = new FakeWriter();
    await copyFromSource(chunkSource(source), second).done;
    expect([text(first.chunks), text(second.chunks)]).toEqual(["a", "b"]);
  });

  test("may be stopped twice before it gives anything", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const source = form(async function* () {
      await promise;
      yield utf8("ab");
      yield utf8("c");
    });
    for (let round = 0; round < 2; round++) {
      const copy = copyFromSource(chunkSource(source), new FakeWriter());
      await Bun.sleep(1);
      copy.stop("cancel");
      await copy.done;
    }
    resolve();
    const writer = new FakeWriter();
    await copyFromSource(chunkSource(source), writer).done;
    expect(text(writer.chunks)).toBe("abc");
  });

  test("loses nothing to a stop at any moment of a chunk's way", async () => {
    for (let moment = 0; moment < 60; moment++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const source = form(async function* () {
        await promise;
        yield utf8("ab");
        yield utf8("cd");
      });
      const first = new FakeWriter(3);
      const copy = copyFromSource(chunkSource(source), first);
      await Bun.sleep(0);
      resolve();
      await ticks(moment);
      copy.stop("cancel");
      await copy.done;
      const second = new FakeWriter();
      await copyFromSource(chunkSource(source), second).done;
      expect([moment, text([...first.chunks, ...second.chunks])]).toEqual([moment, "abcd"]);
    }
  });

  test("gives every byte once, whatever the chunks, the room and the stops", async () => {
    const chunk = fc.record({ size: fc.nat(40), after: fc.nat(6) });
    const round = fc.record({ room: fc.nat(60), stopAfter: fc.nat(40), sleeps: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(chunk), fc.array(round), async (chunks, rounds) => {
        const source = form(async function* () {
          let from = 0;
          for (const { size, after } of chunks) {
            await (after === 6 ? Bun.sleep(0) : ticks(after));
            yield counted(size, from);
            from += size;
          }
        });
        const written: Uint8Array[] = [];
        for (const { room, stopAfter, sleeps } of rounds) {
          const writer = new FakeWriter(room);
          const copy = copyFromSource(chunkSource(source), writer);
          await (sleeps ? Bun.sleep(0) : ticks(stopAfter));
          copy.stop("detach");
          const { bytes } = await copy.done;
          written.push(...writer.chunks);
          expect(writer.bytes.length).toBe(bytes);
        }
        const last = new FakeWriter();
        await copyFromSource(chunkSource(source), last).done;
        const total = chunks.reduce((sum, { size }) => sum + size, 0);
        const all = Buffer.concat([...written, ...last.chunks]);
        expect(all).toEqual(Buffer.from(counted(total)));
      }),
      { numRuns: 200 },
    );
  });
});

test("the output of a process goes on in the next copy", async () => {
  const script = "for i in 1 2 3 4 5 6; do echo $i; sleep 0.02; done";
  const source = Bun.spawn(["sh", "-c", script], { stdout: "pipe" }).stdout;
  const written: Uint8Array[] = [];
  for (let round = 0; round < 4; round++) {
    const writer = new FakeWriter();
    const copy = copyFromSource(chunkSource(source), writer);
    await Bun.sleep(15);
    copy.stop("cancel");
    await copy.done;
    written.push(...writer.chunks);
  }
  const last = new FakeWriter();
  await copyFromSource(chunkSource(source), last).done;
  expect(text([...written, ...last.chunks])).toBe("1\n2\n3\n4\n5\n6\n");
});

test("a Node stream, which makes a new iterator each time, goes on in the next copy", async () => {
  const source = Readable.from([utf8("abcdef"), utf8("gh")]);
  const first = new FakeWriter(4);
  const copy = copyFromSource(chunkSource(source), first);
  await Bun.sleep(1);
  copy.stop("detach");
  await copy.done;
  const second = new FakeWriter();
  await copyFromSource(chunkSource(source), second).done;
  expect(text([...first.chunks, ...second.chunks])).toBe("abcdefgh");
});
