import type { ChunkReader } from "../copy-to-sink.ts";
import type { ChunkWriter } from "../copy-from-source.ts";
import { TaskIOError } from "../error.ts";

/** As a FIFO's default capacity, in bytes. */
const capacity = 65_536;

/** A bounded pipe in memory that outlives its ends, as a FIFO held open by a shim does. */
export class MemoryPipe {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #ended = false;
  #waiters: (() => void)[] = [];
  #read = false;

  /** The only reading end, until it is closed. */
  openReader(name: string): ChunkReader {
    if (this.#read)
      throw new TaskIOError("IN_USE", `${name} is being read: detach its reader first`);
    this.#read = true;
    return {
      read: () => this.read(),
      readable: () => this.until(() => this.#size > 0 || this.#ended),
      close: () => {
        this.#read = false;
      },
    };
  }

  /** A writing end; closing it is no end of file, because the runtime holds one too. */
  openWriter(name: string): ChunkWriter {
    return {
      write: (chunk) => {
        if (this.#ended) throw new TaskIOError("PEER_GONE", `${name}: the task no longer reads`);
        return this.write(chunk);
      },
      writable: () => this.until(() => this.#size < capacity || this.#ended),
      close() {},
    };
  }

  read(): Uint8Array | "empty" | "eof" {
    const chunk = this.#chunks.shift();
    if (!chunk) return this.#ended ? "eof" : "empty";
    this.#size -= chunk.length;
    this.#wake();
    return chunk;
  }

  write(chunk: Uint8Array): number {
    const accepted = chunk.slice(0, capacity - this.#size);
    if (accepted.length > 0) this.#chunks.push(accepted);
    this.#size += accepted.length;
    this.#wake();
    return accepted.length;
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** Waits until everything is in the pipe. */
  async writeAll(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      await this.until(() => this.#size < capacity || this.#ended);
      if (this.#ended) throw new TaskIOError("CLOSED", "the task has exited: it writes no more");
      rest = rest.subarray(this.write(rest));
    }
  }

  /** The chunks in order, until the end. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.read();
      if (chunk === "eof") return;
      if (chunk !== "empty") yield chunk;
      else await this.until(() => this.#size > 0 || this.#ended);
    }
  }
}
