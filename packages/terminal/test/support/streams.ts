import { bytes, text } from "./latin1.ts";

/** An iterable of texts. */
export async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of texts) yield bytes(chunk);
}

/** A web stream that takes nothing ahead. */
export function streamOf(iterable: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { done, value } = await iterable.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Everything that a stream gives. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of stream) all.push(chunk);
  return text(...all);
}
