import { type Copy, stopGrace } from "./copy.ts";
import { TaskIOError } from "./error.ts";
import type { StreamResult } from "./io.ts";
import type { ChunkSink } from "./open-sink.ts";
import { StopGate } from "./stop-gate.ts";
import { Turn } from "./turn.ts";

/** The reading end of a stream of a task, as a backend gives it to {@link copyToSink}. */
export interface ChunkReader {
  /** Takes what is there without waiting. Each chunk is a buffer of its own. */
  read(): Uint8Array | "empty" | "eof";
  /** Resolves when `read` is worth another try. May stay pending after `close`. */
  readable(): Promise<void>;
  /** Takes a chunk back that nobody has any more, to read into its memory again. Once for a chunk. */
  recycle?(chunk: Uint8Array): void;
  /** Frees what the end holds. Called once, at the end of the copy. */
  close(): void;
}

/**
 * Copies an output of a task into a chunk sink, one chunk at a time. For backends.
 *
 * A chunk is taken only when the sink is ready for it, so nothing is lost at a stop. A sink that
 * fails is dropped and the rest is drained, so that the task goes on.
 *
 * @example
 * ```ts
 * import { copyToSink } from "@taskio/core";
 *
 * const chunks = [new Uint8Array(3), "eof" as const];
 * const reader = { read: () => chunks.shift()!, readable: async () => {}, close() {} };
 * const copy = copyToSink(reader, { write() {}, release() {} });
 * console.log((await copy.done).bytes); // 3
 * ```
 */
export function copyToSink(reader: ChunkReader, sink: ChunkSink): Copy {
  const gate = new StopGate();
  return {
    done: new SinkCopy(reader, sink, gate).run(),
    stop: (how) => gate.stop(stopGrace[how]),
  };
}

class SinkCopy {
  #bytes = 0;
  #discarded = 0;
  #unacknowledged = 0;
  #error: TaskIOError | undefined;
  readonly #turn = new Turn();

  constructor(
    readonly reader: ChunkReader,
    readonly sink: ChunkSink,
    readonly gate: StopGate,
  ) {}

  async run(): Promise<StreamResult> {
    await Promise.resolve(); // the caller has its Copy before the sink's first call
    const end = await this.#pump().catch((thrown): "stopped" => {
      this.#error ??= TaskIOError.from(thrown, "ENGINE_FAILED", "read the stream");
      return "stopped";
    });
    this.reader.close();
    this.sink.release();
    return this.#result(end);
  }

  async #pump(): Promise<"eof" | "stopped"> {
    while (!this.gate.stopped) {
      const chunk = this.reader.read();
      if (chunk === "eof") return "eof";
      if (chunk === "empty") {
        await this.gate.wait(this.reader.readable());
        continue;
      }
      if (this.#error) this.#discarded += chunk.length;
      else await this.#deliver(chunk);
      await this.#turn.next();
    }
    return "stopped";
  }

  async #deliver(chunk: Uint8Array): Promise<void> {
    const { length } = chunk; // the sink may transfer the buffer away
    this.#bytes += length;
    this.#unacknowledged += length;
    try {
      const taken: unknown = this.sink.write(chunk);
      if (isThenable(taken) && !(await this.gate.waitGracefully(settled(taken)))) return;
      this.#unacknowledged -= length;
    } catch (thrown) {
      this.#error = TaskIOError.wrap(thrown, "SINK_FAILED", "write to the sink");
    }
  }

  #result(end: "eof" | "stopped"): StreamResult {
    const counts = {
      bytes: this.#bytes,
      discarded: this.#discarded,
      unacknowledged: this.#unacknowledged,
    };
    return this.#error ? { ...counts, end: "failed", error: this.#error } : { ...counts, end };
  }
}

/** Sinks written in JavaScript return all sorts of things, such as what `push` does. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

async function settled(promise: PromiseLike<unknown>): Promise<true> {
  await promise;
  return true;
}
