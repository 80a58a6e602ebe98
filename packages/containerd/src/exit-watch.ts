import { TaskIOError } from "@taskio/core";
import { abortable } from "./abortable.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import type { RPC } from "./rpc.ts";
import { nameOf, type ProcessName } from "./tasks.ts";

/** One Wait call for all who wait for the end of a process. */
export class ExitWatch {
  readonly #rpc: RPC;
  readonly #name: ProcessName;
  #exit: Promise<ExitStatus> | undefined;
  #stop = new AbortController();
  #seen: { readonly status: ExitStatus; readonly at: number } | undefined;

  constructor(rpc: RPC, name: ProcessName) {
    this.#rpc = rpc;
    this.#name = name;
  }

  /** The end, and when it was seen by `performance.now()`. */
  get seen(): { readonly status: ExitStatus; readonly at: number } | undefined {
    return this.#seen;
  }

  /** Makes the call, unless one is under way or was answered. It has no deadline. */
  begin(): Promise<ExitStatus> {
    if (this.#exit) return this.#exit;
    const exit = this.#wait();
    this.#exit = exit;
    exit.catch(() => {
      if (this.#exit === exit) this.#exit = undefined; // the next wait asks again
    });
    return exit;
  }

  wait(signal?: AbortSignal): Promise<ExitStatus> {
    return abortable(this.begin(), signal);
  }

  /** Ends a call under way, which would keep this process alive; the next wait asks again. */
  stop(): void {
    if (this.#seen) return;
    this.#exit = undefined;
    const why = `no longer waiting for the ${nameOf(this.#name)}: it was detached or deleted`;
    this.#stop.abort(new TaskIOError("STOPPED", why));
    this.#stop = new AbortController();
  }

  async #wait(): Promise<ExitStatus> {
    const { signal } = this.#stop;
    const call = { doing: `wait for the ${nameOf(this.#name)}`, signal, unbounded: true };
    const status = exitStatus(
      await this.#rpc.call(call, (o) => this.#rpc.tasks.wait(this.#name, o)),
    );
    this.#seen = { status, at: performance.now() };
    return status;
  }
}
