import { TaskIOError } from "@taskio/core";
import fs from "node:fs";

/** How long to wait before the next try of a read or write that found nothing to do, in ms. */
const retryPeriod = 1;

/**
 * A non-blocking fd that is read and written with plain calls and small retries: slow, but with
 * nothing of an engine in it, so a suite may trust it.
 */
export class NonblockingFD {
  #fd: number | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get closed(): boolean {
    return this.#fd === undefined;
  }

  close(): void {
    if (this.#fd === undefined) return;
    fs.closeSync(this.#fd);
    this.#fd = undefined;
  }

  async writeAll(data: Uint8Array): Promise<void> {
    for (let done = 0; done < data.length;) {
      if (this.#fd === undefined) throw new TaskIOError("CLOSED", "the end is closed");
      const written = unlessBusy(() => fs.writeSync(this.#fd!, data, done));
      if (written === undefined) await Bun.sleep(retryPeriod);
      else done += written;
    }
  }

  /** The chunks until the end of the file, or until it is closed. */
  async *chunks(): AsyncGenerator<Buffer> {
    const buffer = Buffer.alloc(65_536);
    while (this.#fd !== undefined) {
      const length = unlessBusy(() => fs.readSync(this.#fd!, buffer));
      if (length === 0) return;
      if (length === undefined) await Bun.sleep(retryPeriod);
      else yield Buffer.from(buffer.subarray(0, length));
    }
  }
}

function unlessBusy(call: () => number): number | undefined {
  try {
    return call();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}
