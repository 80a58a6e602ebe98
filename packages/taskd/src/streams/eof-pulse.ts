import type { HeldFIFO } from "./held-fifo.ts";

/** How soon a client that attaches to a finished process learns that nothing more will come, in ms. */
const period = 100;

/**
 * The outputs of finished processes. A reader that opens a FIFO when its last writer has gone is told
 * no end by the kernel, and a blocking open waits: so a writer comes and goes for them.
 */
const finished = new Set<HeldFIFO>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Tells readers of a FIFO, those to come too, that its writers have ended. */
export function beginPulse(fifo: HeldFIFO): void {
  finished.add(fifo);
  timer ??= setInterval(pulse, period);
  timer.unref();
}

/** To be called before the FIFO is closed. */
export function endPulse(fifo: HeldFIFO): void {
  finished.delete(fifo);
  if (finished.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function pulse(): void {
  for (const fifo of finished) {
    try {
      fifo.pulse();
    } catch {
      // out of fds: the next round may do
    }
  }
}
