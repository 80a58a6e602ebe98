import { newFIFOSet, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { configOf } from "./config-of.ts";
import { ready } from "./ready.ts";

/** Types keys in this program, one after the other's echo is back, and tells how long that took. */
export async function echoJs(warmUp: number, count: number, stdin: string, stdout: string) {
  let seen = Promise.withResolvers<void>();
  const times: number[] = [];
  async function* keys(): AsyncGenerator<Uint8Array> {
    const key = Uint8Array.of(107);
    for (let i = -warmUp; i < count; i++) {
      seen = Promise.withResolvers();
      const start = performance.now();
      yield key;
      await seen.promise;
      if (i >= 0) times.push((performance.now() - start) * 1e3);
    }
  }
  const streams = withStreams(keys(), () => seen.resolve());
  const io = await newAttach(streams)(newFIFOSet(configOf({ stdin, stdout })));
  ready();
  await io.stdinDone;
  times.sort((a, b) => a - b);
  return { p50: times[times.length >> 1]! };
}
