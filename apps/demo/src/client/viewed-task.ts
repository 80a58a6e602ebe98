import type { DrainOptions, ExitStatus, Task, TerminalSize } from "@taskio/containerd";
import { type IOResult, isWired, type TaskIOError } from "@taskio/core";
import { fifoHolders } from "@taskio/fifo/holders";
import type { HubIO } from "@taskio/hub";
import { isAbsolute } from "node:path";
import type { Followed } from "../foreground/followed.ts";

/** How often nothing may have come in a row, and how often to look, in ms. */
const quiet = { looks: 10, every: 100 };

/** A task whose streams come by its hub. What else is asked of it goes to its runtime. */
export class ViewedTask implements Followed {
  readonly id: string;
  readonly io: HubIO;
  readonly lost: Promise<TaskIOError>;
  readonly #task: Task;

  /** @param whenLost what to say when the hub went away */
  constructor(task: Task, io: HubIO, whenLost: (error: TaskIOError) => TaskIOError) {
    this.id = task.id;
    this.io = io;
    this.#task = task;
    this.lost = untilLost(io).then(whenLost);
  }

  wait(options?: { readonly signal?: AbortSignal | undefined }): Promise<ExitStatus> {
    return this.#task.wait(options);
  }

  kill(...args: Parameters<Task["kill"]>): Promise<void> {
    return this.#task.kill(...args);
  }

  resize(...args: [TerminalSize, { readonly signal?: AbortSignal }?]): Promise<void> {
    return this.#task.resize(...args);
  }

  closeIO(...args: Parameters<Task["closeIO"]>): Promise<void> {
    return this.#task.closeIO(...args);
  }

  async drain({ grace = Infinity, signal }: DrainOptions = {}): Promise<boolean> {
    await this.wait({ signal });
    const done = this.io.wait().then(() => true);
    if (!isAbsolute(this.io.config.stdout)) return this.#untilQuiet(done);
    return grace === Infinity ? done : Promise.race([done, Bun.sleep(grace).then(() => false)]);
  }

  /** Without a writer the end has come to the hub, and is on its way here. */
  hasUnread(): boolean {
    if (this.io.unread > 0) return true;
    const { stdout, stderr } = this.io.config;
    const { holders, incomplete } = fifoHolders([stdout, stderr].filter(isWired));
    return incomplete === undefined && ![...holders.values()].flat().some(({ writes }) => writes);
  }

  /** A logger's pipes have no end before the task is deleted, where a shim holds them. */
  async #untilQuiet(done: Promise<boolean>): Promise<boolean> {
    for (let looks = 0; looks < quiet.looks; looks++) {
      if (await Promise.race([done, Bun.sleep(quiet.every).then(() => false)])) return true;
      if (this.io.unread > 0) looks = 0;
    }
    await this.io.detach();
    return true;
  }

  async detach(): Promise<IOResult> {
    const result = await this.io.detach();
    await this.#task.detach();
    return result;
  }
}

function untilLost(io: HubIO): Promise<TaskIOError> {
  return new Promise((resolve) => {
    void io.wait().then(({ stdout, stderr }) => {
      const errors = [stdout?.error, stderr?.error];
      const lost = errors.find((error) => error?.code === "ENGINE_FAILED");
      if (lost) resolve(lost);
    });
  });
}
