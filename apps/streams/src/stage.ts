import type { Config } from "@taskio/core";
import { spawnTask, type SpawnTaskOptions, type Task } from "@taskio/testkit";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Narrator, Totals } from "./narrator.ts";

/** How long the demo may take, in ms: it takes less than a second where nothing is wrong. */
const limit = 30_000;

/** What all steps share: a temp folder, the processes they run, and how much went through them. */
export class Stage implements AsyncDisposable {
  /** The folder for FIFOs and files, made for this run. */
  readonly folder = mkdtempSync(join(tmpdir(), "taskio-demo-"));
  /** Bytes that went through the steps so far. */
  readonly totals: Totals = { in: 0, out: 0 };
  /** The ids of all processes that were run; each is the id of its process group too. */
  readonly pids: number[] = [];
  readonly #running = new Set<Task>();
  #closed = false;

  constructor(readonly narrator: Narrator) {}

  /** Runs a process on the streams of a Config: what containerd's shim does. */
  run(config: Config, command: readonly string[], options?: SpawnTaskOptions): Task {
    if (this.#closed) throw new Error("the demo was ended");
    const task = spawnTask(config, command, options);
    this.pids.push(task.pid);
    this.#running.add(task);
    void task.exited.then(() => this.#running.delete(task));
    return task;
  }

  /** Settles as `work` does, or rejects when that takes too long. */
  async withinTime(work: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<never>();
    const message = `it is not done after ${limit / 1000} s`;
    const timer = setTimeout(() => late.reject(new Error(message)), limit);
    await Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
  }

  /** Ends what a step has left running, if it failed or was interrupted, and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const task of this.#running) await task[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
