import type { IO } from "@taskio/core";
import type { FoundFIFO } from "@taskio/fifo/holders";
import { settlesWithin } from "./settles-within.ts";

/** How long until the next look at outputs that can't be told their end, in ms. It doubles up to the longest. */
const pause = { first: 100, longest: 10_000 };

/**
 * Gives the outputs of a process that has stopped their end: a reader that came when their last writer
 * had gone is told none by the kernel (c#2150). All that is in them is read before, at the pace of the
 * sinks, and what their writers still write.
 *
 * An output that may not be written to can't be told. Then the IO is cancelled when its readers have
 * found the outputs empty and without a writer.
 */
export async function endWithoutWriter(io: IO, outputs: readonly FoundFIFO[]): Promise<void> {
  let untold = outputs;
  for (let ms = pause.first; ; ms = Math.min(2 * ms, pause.longest)) {
    untold = untold.filter((output) => !wasTold(output));
    if (untold.length === 0 || (await settlesWithin(io.wait(), ms))) return;
    const endless = untold.map(isEndless);
    if (endless.includes(true) && !endless.includes(false)) return io.cancel();
  }
}

/** Not so where it may not be written to, or when fds are used up. */
function wasTold(output: FoundFIFO): boolean {
  try {
    output.end();
    return true;
  } catch {
    return false;
  }
}

/** Undefined for one that is not read, or no more. */
function isEndless(output: FoundFIFO): boolean | undefined {
  try {
    return output.isEndless;
  } catch {
    return false; // not known while fds are used up
  }
}
