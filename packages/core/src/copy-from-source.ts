import { type Copy, stopGrace } from "./copy.ts";
import { TaskIOError } from "./error.ts";
import type { StreamResult } from "./io.ts";
import type { ChunkSource } from "./open-source.ts";
import { StopGate } from "./stop-gate.ts";
import { Turn } from "./turn.ts";

/** The writing end of a task's stdin, as a backend gives it to {@link copyFromSource}. */
export interface ChunkWriter {
  /** Hands over what fits now and says how many bytes that was; throws when the peer is gone. */
  write(chunk: Uint8Array): number;
  /**
   * Resolves when there is a peer and `write` is worth a try; rejects when the peer is gone. May
   * stay pending after `close`.
   */
  writable(): Promise<void>;
  /** Frees what the end holds. Called once, at the end of the copy. */
  close(): void;
}

/**
 * Copies a chunk source into a task's stdin. For backends.
 *
 * Nothing is asked of the source before the peer is there and has room.
 *
 * @example
 * ```ts
 * import { copyFromSource, openSource } from "@taskio/core";
 *
 * const source = openSource(new Uint8Array(3), "stdin");
 * const writer = { write: (chunk: Uint8Array) => chunk.length, writable: async () => {}, close() {} };
 * if ("pull" in source) console.log((await copyFromSource(source, writer).done).bytes); // 3
 * ```
 */
export function copyFromSource(source: ChunkSource, writer: ChunkWriter): Copy {
  const gate = new StopGate();
  return {
    done: new SourceCopy(source, writer, gate).run(),
    stop: (how) => gate.stop(stopGrace[how]),
  };
}

class SourceCopy {
  #bytes = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;
  readonly #turn = new Turn();

  constructor(
    readonly source: ChunkSource,
    readonly writer: ChunkWriter,
    readonly gate: StopGate,
  ) {}

  async run(): Promise<StreamResult> {
    await Promise.resolve(); // the caller has its Copy before the source's first call
    const outcome = await this.#pump().catch((thrown) => ({
      end: "failed" as const,
      error: TaskIOError.from(thrown, "ENGINE_FAILED", "write stdin"),
    }));
    this.writer.close();
    this.source.release(this.#rest);
    return { bytes: this.#bytes, discarded: 0, unacknowledged: this.#rest.length, ...outcome };
  }

  async #pump(): Promise<{ end: "eof" | "stopped" }> {
    await this.gate.wait(this.writer.writable());
    while (!this.gate.stopped) {
      if (this.#rest.length === 0) await this.gate.wait(this.#fill());
      if (this.#ended) return { end: "eof" };
      if (this.#rest.length > 0) await this.#write();
      await this.#turn.next();
    }
    return { end: "stopped" };
  }

  async #fill(): Promise<void> {
    try {
      this.#ended = !(await this.source.pull((chunk) => (this.#rest = chunk)));
    } catch (thrown) {
      throw TaskIOError.wrap(thrown, "SOURCE_FAILED", "read the stdin source");
    }
  }

  async #write(): Promise<void> {
    const written = this.writer.write(this.#rest);
    this.#bytes += written;
    this.#rest = this.#rest.subarray(written);
    if (this.#rest.length > 0) await this.gate.wait(this.writer.writable());
  }
}
