import { type Copy, stopGrace, type StreamResult, TaskIOError } from "@taskio/core";
import type { HubLog } from "../hub-log.ts";
import type { OutputName } from "../output-name.ts";

/** What the log gets of an output, until it fails. */
export class OutputLog {
  readonly #name: OutputName;
  readonly #log: HubLog | undefined;
  #unlogged = 0;
  #error: TaskIOError | undefined;
  #grace = Infinity;
  #giveUp: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: OutputName, log: HubLog | undefined) {
    this.#name = name;
    this.#log = log;
  }

  /** Never throws nor rejects: what the log did not take is counted. */
  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#error) return void (this.#unlogged += chunk.length);
    const failed = (thrown: unknown) => {
      this.#unlogged += chunk.length;
      this.#error = TaskIOError.wrap(thrown, "SINK_FAILED", `log ${this.#name}`);
    };
    try {
      const logged: unknown = this.#log?.write(this.#name, chunk);
      if (isThenable(logged)) return Promise.resolve(logged).then(() => {}, failed);
    } catch (thrown) {
      failed(thrown);
    }
  }

  /** Never rejects. */
  async end(): Promise<void> {
    try {
      const ended: unknown = this.#log?.end?.(this.#name);
      if (isThenable(ended)) await this.#inTime(ended);
    } catch (thrown) {
      this.#error ??= TaskIOError.wrap(thrown, "SINK_FAILED", `end the log of ${this.#name}`);
    }
  }

  /** An end that is under way may take a moment longer. */
  stop(how: Parameters<Copy["stop"]>[0]): void {
    if (stopGrace[how] >= this.#grace) return; // a second stop must not put the first one off
    this.#grace = stopGrace[how];
    this.#limit();
  }

  /** What was read, with what the log has not got. */
  result(read: StreamResult): StreamResult {
    if (!this.#error || read.error) return read;
    return { ...read, discarded: this.#unlogged, end: "failed", error: this.#error };
  }

  #inTime(ended: PromiseLike<unknown>): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    ended.then(resolve, reject);
    this.#giveUp = () => reject(new Error("the hub was stopped before the log had ended"));
    this.#limit();
    return promise.finally(() => clearTimeout(this.#timer));
  }

  #limit(): void {
    clearTimeout(this.#timer);
    if (this.#giveUp && this.#grace < Infinity) this.#timer = setTimeout(this.#giveUp, this.#grace);
  }
}

/** Logs written in JavaScript return all sorts of things, such as what `push` does. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}
