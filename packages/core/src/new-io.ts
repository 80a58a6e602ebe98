import type { Config } from "./config.ts";
import type { Copy } from "./copy.ts";
import type { IO, IOResult, StreamResult } from "./io.ts";
import { once } from "./once.ts";

/** What a backend builds an {@link IO} of. */
export interface IOParts {
  readonly config: Config;
  readonly stdin?: Copy | undefined;
  readonly stdout?: Copy | undefined;
  readonly stderr?: Copy | undefined;
  /** Removes what belongs to the IO. Runs once, at close, unless the IO was detached before. */
  readonly close?: (() => Promise<void>) | undefined;
}

/**
 * An {@link IO} over copies that are under way. For backends.
 *
 * @example
 * ```ts
 * import { newIO } from "@taskio/core";
 *
 * const io = newIO({ config: { terminal: false, stdin: "", stdout: "", stderr: "" } });
 * console.log(await io.wait()); // {}
 * ```
 */
export function newIO(parts: IOParts): IO {
  return new CopyingIO(parts);
}

class CopyingIO implements IO {
  readonly config: Config;
  readonly stdinDone: Promise<StreamResult | undefined>;
  readonly #parts: IOParts;
  readonly #outputs: Promise<[StreamResult | undefined, StreamResult | undefined]>;
  #stdin: StreamResult | undefined;
  #detached = false;
  readonly close = once(() => this.#close());

  constructor(parts: IOParts) {
    this.#parts = parts;
    this.config = parts.config;
    this.stdinDone = this.#watchStdin();
    this.#outputs = Promise.all([parts.stdout?.done, parts.stderr?.done]);
  }

  async wait({ signal }: { signal?: AbortSignal } = {}): Promise<IOResult> {
    signal?.throwIfAborted();
    return this.#result(await (signal ? untilAborted(this.#outputs, signal) : this.#outputs));
  }

  cancel(): void {
    this.#stop("cancel");
  }

  async detach(): Promise<IOResult> {
    this.#detached = true;
    this.#stop("detach");
    const [outputs] = await Promise.all([this.#outputs, this.stdinDone]);
    return this.#result(outputs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #watchStdin(): Promise<StreamResult | undefined> {
    return (this.#stdin = await this.#parts.stdin?.done);
  }

  #stop(how: "cancel" | "detach"): void {
    for (const copy of [this.#parts.stdin, this.#parts.stdout, this.#parts.stderr]) copy?.stop(how);
  }

  async #close(): Promise<void> {
    const keep = this.#detached;
    if (!keep) this.#stop("cancel");
    await Promise.all([this.#outputs, this.stdinDone]);
    if (!keep) await this.#parts.close?.();
  }

  #result([stdout, stderr]: [StreamResult | undefined, StreamResult | undefined]): IOResult {
    return {
      ...(this.#stdin && { stdin: this.#stdin }),
      ...(stdout && { stdout }),
      ...(stderr && { stderr }),
    };
  }
}

/** Settles as `promise` does, or rejects with the signal's reason when that comes first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
