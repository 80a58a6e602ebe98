import { newFIFOSet, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { configOf } from "./config-of.ts";
import { ready } from "./ready.ts";
import { status } from "./status.ts";

/** Attaches to tasks that write nothing, and tells what that took and takes. */
export async function attach(count: number, dir: string) {
  const attachOne = newAttach(withStreams(undefined, () => {}));
  ready();
  const rss = status("VmRSS");
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    await attachOne(newFIFOSet(configOf({ stdout: `${dir}/${i}` })));
  }
  const ms = performance.now() - start;
  await Bun.sleep(100);
  return { ms, kib: (status("VmRSS") - rss) / count, threads: status("Threads") };
}
