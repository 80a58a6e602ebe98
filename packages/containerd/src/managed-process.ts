import { type Config, type IO, type IOResult, TaskIOError } from "@taskio/core";
import { areAtEnd } from "./are-at-end.ts";
import type { Cancellable } from "./cancellable.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { ExitWatch } from "./exit-watch.ts";
import { once } from "./once.ts";
import { orNone } from "./or-none.ts";
import type {
  DeleteOptions,
  DeleteResult,
  DrainOptions,
  Process,
  TerminalSize,
} from "./process.ts";
import type { ProcessStatus } from "./process-status.ts";
import { removeFIFOs } from "./remove-fifos.ts";
import type { RPC } from "./rpc.ts";
import { isNotFound, isUncertain, wasStarted } from "./rpc-error.ts";
import { settlesWithin } from "./settles-within.ts";
import { signalNumber } from "./signal-number.ts";
import { StdinEnd } from "./stdin-end.ts";
import { getStatus, nameOf, type ProcessName } from "./tasks.ts";
import { whileRead } from "./while-read.ts";

/** Default graces in ms. A task's children end with it, an exec's go on. */
const graces = { task: 10_000, exec: 2_000, dispose: 2_000 };
/** How long the last bytes may take once the runtime has let go of the streams, in ms. */
const lastBytes = 100;

/** What a process is made of. */
export interface ProcessParts {
  readonly rpc: RPC;
  readonly name: ProcessName;
  readonly io: IO;
  /** Its streams, where the IO goes without some of them that were removed. */
  readonly config?: Config;
  readonly pid: number;
  /** Whether it was made with this client, so that disposing ends it. */
  readonly made: boolean;
  readonly started: boolean;
  /** Whether stdin stays open when its source is at its end. */
  readonly keepStdinOpen: boolean;
  /**
   * To be called when it has stopped; without it its outputs come to their end by themselves. Gives the
   * paths of those that were at their end when it stopped the copies.
   */
  readonly endOutputs?: () => Promise<readonly string[]>;
}

/** A process, and the order of the calls about it. */
export class ManagedProcess implements Process {
  readonly containerId: string;
  readonly id: string;
  readonly io: IO;
  protected readonly rpc: RPC;
  readonly #name: ProcessName;
  readonly #exit: ExitWatch;
  readonly #stdin: StdinEnd;
  readonly #endOutputs: ProcessParts["endOutputs"];
  readonly #config: Config;
  #pid: number;
  #made: boolean;
  #started: boolean;
  /** Whether the runtime was asked to start it. */
  #asked = false;
  #detached = false;
  #deleted = false;
  readonly delete = once((options: DeleteOptions = {}) => this.#delete(options));

  constructor(parts: ProcessParts) {
    const { rpc, name, io, config = io.config, pid, made, started, keepStdinOpen } = parts;
    this.rpc = rpc;
    this.#name = name;
    this.containerId = name.containerId;
    this.id = name.execId ?? name.containerId;
    this.io = io;
    this.#pid = pid;
    this.#made = made;
    this.#started = started;
    this.#config = config;
    this.#endOutputs = parts.endOutputs;
    this.#exit = new ExitWatch(rpc, name);
    this.#stdin = new StdinEnd(io, () => this.#closeIO());
    if (!keepStdinOpen) this.#stdin.follow();
    // The shim holds an init process's stdin from Create on, an exec's from Start on.
    if (started || !name.execId) this.#stdin.processExists();
  }

  get pid(): number {
    return this.#pid;
  }

  async start({ signal }: Cancellable = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#started) throw this.#error("INVALID_ARGUMENT", "was started before");
    this.#started = true;
    this.#exit.begin(); // before the start, so that no exit is missed
    try {
      this.#pid = await this.#start(signal);
    } catch (error) {
      if (isUncertain(error)) this.#started = false;
      else if (!signal?.aborted) await this.#abandon();
      throw error;
    }
    this.rpc.streamsOpened();
    this.#stdin.processExists();
  }

  async wait({ signal }: Cancellable = {}): Promise<ExitStatus> {
    const exit = await this.#exit.wait(signal);
    void this.#endOutputs?.();
    return exit;
  }

  async kill(
    signal: NodeJS.Signals | number,
    { all = false, signal: abort }: Cancellable & { all?: boolean } = {},
  ): Promise<void> {
    const request = { ...this.#name, signal: signalNumber(signal), all };
    const call = { doing: `send ${signal} to the ${nameOf(this.#name)}`, signal: abort };
    await this.rpc.call(call, (o) => this.rpc.tasks.kill(request, o));
  }

  async resize({ columns, rows }: TerminalSize, { signal }: Cancellable = {}): Promise<void> {
    for (const size of [columns, rows]) {
      if (Number.isInteger(size) && size >= 0 && size <= 0xffff) continue;
      throw new TaskIOError("INVALID_ARGUMENT", `invalid terminal size ${columns} by ${rows}`);
    }
    const call = { doing: `resize the terminal of the ${nameOf(this.#name)}`, signal };
    const request = { ...this.#name, width: columns, height: rows };
    await this.rpc.call(call, (o) => this.rpc.tasks.resizePty(request, o));
  }

  closeIO({ signal }: Cancellable = {}): Promise<void> {
    return this.#stdin.close(signal);
  }

  status({ signal }: Cancellable = {}): Promise<ProcessStatus> {
    return getStatus(this.rpc, this.#name, signal);
  }

  async drain({ grace = this.#grace, signal }: DrainOptions = {}): Promise<boolean> {
    await this.wait({ signal });
    const left = grace - (performance.now() - this.#exit.seen!.at);
    // c#7802, c#9568: may never end by itself
    if (!(await settlesWithin(this.io.wait({ signal }), left))) return false;
    return areAtEnd(this.io, await this.#endOutputs?.());
  }

  async detach(): Promise<IOResult> {
    this.#detached = true;
    this.#exit.stop();
    const result = await this.io.detach();
    await this.#stdin.settle();
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#deleted) return;
    if (this.#detached || !this.#made) return void (await this.detach());
    try {
      await this.delete({ kill: true, grace: graces.dispose });
    } catch (error) {
      this.io.cancel();
      if (!isNotFound(error)) throw error;
    } finally {
      this.#exit.stop();
    }
  }

  get #grace(): number {
    return this.#name.execId ? graces.exec : graces.task;
  }

  async #delete({ grace, kill = false, signal }: DeleteOptions): Promise<DeleteResult> {
    try {
      await this.#end(kill, signal);
      // Draining comes before the call: then the shim lets go of the streams (c#8326, c PR#14120).
      const drained = this.#exit.seen ? await this.drain({ grace, signal }) : false;
      const exit = await whileRead(this.io, this.#deleteProcess(signal));
      return await this.#finish(exit, drained);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const gone = await this.#finish({ exitCode: 255, exitedAt: new Date(0) }, false);
      const seen = this.#exit.seen?.status;
      if (seen) return { ...gone, ...seen }; // somebody else deleted it
      throw error;
    }
  }

  /** Starts it, unless a call that was not answered has done so. */
  async #start(signal: AbortSignal | undefined): Promise<number> {
    if (!this.#asked) return this.#callStart(signal);
    const { state, pid } = await this.status({ signal });
    if (state !== "created") return pid;
    try {
      return await this.#callStart(signal);
    } catch (error) {
      const found = isUncertain(error) ? undefined : await this.#startedMeanwhile(error, signal);
      if (!found) throw error;
      return found.pid;
    }
  }

  async #callStart(signal: AbortSignal | undefined): Promise<number> {
    this.#asked = true;
    const call = { doing: `start the ${nameOf(this.#name)}`, signal };
    const { pid } = await this.rpc.call(call, (o) => this.rpc.tasks.start(this.#name, o));
    return pid;
  }

  /** On a slow server an earlier call may start it after its state was asked for, before this one. */
  async #startedMeanwhile(
    error: unknown,
    signal: AbortSignal | undefined,
  ): Promise<ProcessStatus | undefined> {
    const status = await orNone(this.status({ signal }));
    if (!status || ["created", "unknown"].includes(status.state)) return undefined;
    // A start that fails may end it as well.
    return status.state !== "stopped" || wasStarted(error) ? status : undefined;
  }

  /** Whether no output was removed that nobody can read any more. */
  get #hasOutputs(): boolean {
    const { stdout, stderr } = this.io.config;
    return stdout === this.#config.stdout && stderr === this.#config.stderr;
  }

  /** Sees to it that the process has ended. */
  async #end(kill: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (this.#exit.seen) return;
    const { state } = await this.status({ signal });
    if (state === "unknown" || (state === "created" && this.#name.execId)) return;
    if (state !== "stopped") {
      if (!kill && state !== "created") {
        throw this.#error("IN_USE", `is ${state}: wait for its end, or delete it with kill`);
      }
      await orNone(this.kill("SIGKILL", { all: !this.#name.execId, signal })); // or it has just ended
    }
    await this.wait({ signal });
  }

  async #deleteProcess(signal: AbortSignal | undefined): Promise<ExitStatus> {
    const { containerId, execId } = this.#name;
    const call = {
      doing: `delete the ${nameOf(this.#name)}`,
      signal,
      precondition: "IN_USE",
    } as const;
    const { tasks } = this.rpc;
    return exitStatus(
      await this.rpc.call(call, (o) =>
        execId ? tasks.deleteProcess({ containerId, execId }, o) : tasks.delete({ containerId }, o),
      ),
    );
  }

  /** After the process is gone: closes its streams and removes their folder. */
  async #finish(exit: ExitStatus, drained: boolean): Promise<DeleteResult> {
    this.#deleted = true;
    this.#exit.stop();
    if (this.#started || this.#asked) await settlesWithin(this.io.wait(), lastBytes);
    await this.io.close();
    if (this.#detached) await removeFIFOs(this.#config); // which a detached IO leaves (c#2421)
    return { ...exit, drained: drained && this.#hasOutputs, io: await this.io.wait() };
  }

  /** After a start that failed: the error to be told is the start's, not one of the cleanup. */
  async #abandon(): Promise<void> {
    this.#exit.stop();
    await this.io.close().catch(() => {});
    await this.#deleteProcess(undefined).then(
      () => (this.#deleted = true),
      () => {},
    );
  }

  #closeIO(): Promise<unknown> {
    if (this.#deleted) return Promise.resolve();
    const call = { doing: `close the stdin of the ${nameOf(this.#name)}` };
    const request = { ...this.#name, stdin: true };
    return this.rpc.call(call, (o) => this.rpc.tasks.closeIO(request, o));
  }

  #error(code: "IN_USE" | "INVALID_ARGUMENT", what: string): TaskIOError {
    return new TaskIOError(code, `the ${nameOf(this.#name)} ${what}`);
  }
}
