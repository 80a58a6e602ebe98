import { Code, ConnectError } from "@connectrpc/connect";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { ContainerStore } from "./container-store.ts";
import { liveSessions } from "./process/proc.ts";
import type { ProcessRecord } from "./process/process-record.ts";
import { listFolders } from "./state/list-folders.ts";
import { readState } from "./state/write-state.ts";
import { OwnFIFOs } from "./streams/own-fifos.ts";
import { Task, type TaskRecord } from "./task.ts";
import type { TaskEvents } from "./task-events.ts";

/** Folders of the runtime: what it keeps, and the FIFOs that clients make there. */
export interface StorePaths {
  readonly state: string;
  readonly fifo: string;
}

/** The tasks of all namespaces; a container has one at most. */
export class TaskStore {
  readonly #containers: ContainerStore;
  readonly #events: TaskEvents;
  readonly #state: string;
  readonly #fifos: OwnFIFOs;
  readonly #tasks = new Map<string, Task>();
  /** Keys of tasks that are being made or deleted. */
  readonly #busy = new Set<string>();
  /** Execs that are forgotten, but whose output is still being read. */
  readonly #released = new Set<Promise<void>>();

  constructor(paths: StorePaths, containers: ContainerStore, events: TaskEvents) {
    this.#state = paths.state;
    this.#fifos = new OwnFIFOs(paths.fifo);
    this.#containers = containers;
    this.#events = events;
  }

  /** Takes over what an earlier runtime left. */
  async load(report: (error: unknown) => void): Promise<void> {
    for (const namespace of listFolders(this.#state)) {
      for (const id of listFolders(join(this.#state, namespace, "containers"))) {
        try {
          await this.#restore(namespace, id);
        } catch (error) {
          report(error);
        }
      }
    }
    const processes = this.list().flatMap((task) => task.processes);
    this.#fifos.sweep(processes.map((process) => process.record.config));
  }

  /** Whether there is nothing to stay for. */
  get empty(): boolean {
    return this.#tasks.size === 0 && this.#busy.size === 0 && this.#released.size === 0;
  }

  get(namespace: string, id: string): Task {
    const found = this.find(namespace, id);
    if (found) return found;
    throw new ConnectError(`no running task found: task "${id}" not found`, Code.NotFound);
  }

  find(namespace: string, id: string): Task | undefined {
    return this.#tasks.get(key(namespace, id));
  }

  has(namespace: string, id: string): boolean {
    return this.#tasks.has(key(namespace, id)) || this.#busy.has(key(namespace, id));
  }

  list(namespace?: string): Task[] {
    const all = [...this.#tasks.values()];
    return namespace === undefined ? all : all.filter((task) => task.namespace === namespace);
  }

  async create(namespace: string, record: ProcessRecord): Promise<Task> {
    const { id } = record;
    if (this.has(namespace, id)) {
      throw new ConnectError(`task "${id}" already exists`, Code.AlreadyExists);
    }
    return this.#alone(namespace, id, async () => {
      const bundle = this.#bundle(namespace, id);
      try {
        const task = await Task.create(namespace, bundle, record, this.#events);
        this.#tasks.set(key(namespace, id), task);
        this.#events.create(task, record);
        return task;
      } catch (error) {
        rmSync(bundle, { recursive: true, force: true });
        throw error;
      }
    });
  }

  /** Deletes a stopped task and gives the record of its init process. */
  async delete(namespace: string, id: string): Promise<ProcessRecord> {
    const task = this.get(namespace, id);
    task.checkDeletable();
    this.#tasks.delete(key(namespace, id));
    return this.#alone(namespace, id, async () => {
      const configs = task.processes.map((process) => process.record.config);
      const record = await task.delete();
      for (const config of configs) this.#fifos.remove(config);
      this.#events.delete(task, record);
      return record;
    });
  }

  /** Forgets execs that ended before a time, in ms, but for those that have left processes behind. */
  async pruneExecs(endedBefore: number): Promise<void> {
    this.#lookForSessions();
    const pruned: Promise<void>[] = [];
    for (const task of this.list()) {
      for (const exec of task.execsBefore(endedBefore)) {
        if (exec.mayHaveLeft) continue;
        pruned.push(this.#letGo(task.pruneExec(exec)));
        this.#fifos.remove(exec.record.config);
      }
    }
    await Promise.all(pruned);
  }

  /** Has the processes that are over remember whether they have left others behind. */
  #lookForSessions(): void {
    const over = this.list().flatMap((task) => task.processes.filter((one) => one.mayHaveLeft));
    if (over.length === 0) return;
    const sessions = liveSessions();
    for (const process of over) process.lookForSession(sessions);
  }

  /** Slow readers of what is forgotten are something to stay for. */
  async #letGo(released: Promise<void>): Promise<void> {
    this.#released.add(released);
    try {
      await released;
    } finally {
      this.#released.delete(released);
    }
  }

  async #restore(namespace: string, id: string): Promise<void> {
    const bundle = this.#bundle(namespace, id);
    const record = readState(join(bundle, "task.json")) as TaskRecord | undefined;
    if (!record) return rmSync(bundle, { recursive: true, force: true });
    const task = await Task.restore(namespace, bundle, record, this.#events);
    this.#tasks.set(key(namespace, id), task);
  }

  async #alone<T>(namespace: string, id: string, run: () => Promise<T>): Promise<T> {
    this.#busy.add(key(namespace, id));
    try {
      return await run();
    } finally {
      this.#busy.delete(key(namespace, id));
    }
  }

  #bundle(namespace: string, id: string): string {
    return join(this.#containers.folder(namespace, id), "task");
  }
}

function key(namespace: string, id: string): string {
  return `${namespace}/${id}`;
}
