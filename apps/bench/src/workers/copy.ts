import { type IO, newFIFOSet, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { now } from "./clock.ts";
import { configOf } from "./config-of.ts";
import { cpu } from "./cpu.ts";
import { openSink } from "./open-sink.ts";
import { ready } from "./ready.ts";

/** How long the thread computes before it looks up, in ms. */
const computing = 20;

/**
 * Copies outputs until their end.
 *
 * @param sink where each of them goes
 * @param tasks FIFOs: stdout, or stdout and stderr with a comma between
 * @param options busy: the JS thread computes meanwhile
 */
export async function copy(sink: string, tasks: readonly string[], { busy = false } = {}) {
  const before = cpu();
  const ios = await Promise.all(tasks.map((task) => attachTask(task, sink)));
  ready();
  let over = false;
  const waiting = Promise.all(ios.map((io) => io.wait())).finally(() => (over = true));
  if (busy) await compute(() => over);
  const results = await waiting;
  const end = now();
  const bytes = results.reduce(
    (sum, { stdout, stderr }) => sum + (stdout?.bytes ?? 0) + (stderr?.bytes ?? 0),
    0,
  );
  return { end, cpu: cpu() - before, bytes };
}

let counted = 0;

function attachTask(task: string, sink: string): Promise<IO> {
  const [stdout = "", stderr = ""] = task.split(",");
  const open = () => openSink(sink, (chunk) => void (counted += chunk.length));
  const streams = withStreams(undefined, open(), stderr ? open() : undefined);
  return newAttach(streams)(newFIFOSet(configOf({ stdout, stderr })));
}

async function compute(over: () => boolean): Promise<void> {
  for (let sum = 0; !over(); await new Promise(setImmediate)) {
    for (const end = performance.now() + computing; performance.now() < end;) sum++;
  }
}
