import { newFIFOSet, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { configOf } from "./config-of.ts";
import { cpu } from "./cpu.ts";
import { ready } from "./ready.ts";

/** Feeds tasks that never open their stdin: what waiting costs, after as long a time to calm down. */
export async function wait(count: number, dir: string, ms: number) {
  for (let i = 0; i < count; i++) {
    await newAttach(withStreams(never()))(newFIFOSet(configOf({ stdin: `${dir}/${i}` })));
  }
  ready();
  await Bun.sleep(ms);
  const before = cpu();
  await Bun.sleep(ms);
  return { percent: ((cpu() - before) / (ms / 1000)) * 100 };
}

async function* never(): AsyncGenerator<Uint8Array> {
  await new Promise(() => {});
}
