import { Code, ConnectError } from "@connectrpc/connect";
import { validateID } from "@taskio/core";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LoggerContext } from "./streams/logger.ts";
import { liveSessions } from "./process/proc.ts";
import { type ProcessOwner, TaskProcess } from "./process/task-process.ts";
import type { ProcessRecord } from "./process/process-record.ts";
import { report } from "./report.ts";
import { listFolders } from "./state/list-folders.ts";
import { readState, writeState } from "./state/write-state.ts";
import type { TaskEvents } from "./task-events.ts";

/** How long the execs of a task that has ended may take to die, in ms. */
const killGrace = 2_000;

/** What a task is kept as on disk; its execs have files of their own, as there may be many. */
export interface TaskRecord {
  readonly version: 1;
  readonly init: ProcessRecord;
}

interface ExecRecord {
  readonly version: 1;
  readonly exec: ProcessRecord;
}

/** A container's processes: its init process, whose end is the end of all, and its execs. */
export class Task implements ProcessOwner {
  readonly id: string;
  readonly namespace: string;
  /** The task's own folder. */
  readonly bundle: string;
  readonly #events: TaskEvents;
  readonly #execs = new Map<string, TaskProcess>();
  /** Ids of execs that are being made. */
  readonly #pending = new Set<string>();
  #init!: TaskProcess;
  #deleted = false;

  private constructor(namespace: string, id: string, bundle: string, events: TaskEvents) {
    this.namespace = namespace;
    this.id = id;
    this.bundle = bundle;
    this.#events = events;
  }

  static async create(
    namespace: string,
    bundle: string,
    record: ProcessRecord,
    events: TaskEvents,
  ): Promise<Task> {
    const task = new Task(namespace, record.id, bundle, events);
    mkdirSync(bundle, { recursive: true, mode: 0o700 });
    task.#init = await TaskProcess.create(record, task.#loggerContext(record.id, "init"), task);
    try {
      task.#save(task.#init);
      return task;
    } catch (error) {
      await task.#init.close();
      throw error;
    }
  }

  /** A task of an earlier runtime. */
  static async restore(
    namespace: string,
    bundle: string,
    record: TaskRecord,
    events: TaskEvents,
  ): Promise<Task> {
    const task = new Task(namespace, record.init.id, bundle, events);
    task.#init = await task.#restore(record.init, "init");
    for (const id of listFolders(task.#execsFolder)) {
      await task.#restoreExec(id).catch(report);
    }
    for (const process of task.processes) task.changed(process);
    if (task.#init.isOver) task.#killLeft(); // when nobody saw its end
    return task;
  }

  /** The init process, or an exec. */
  process(execId: string): TaskProcess {
    const found = execId === "" ? this.#init : this.#execs.get(execId);
    if (found) return found;
    throw new ConnectError(`exec "${execId}" of task "${this.id}" not found`, Code.NotFound);
  }

  get isRunning(): boolean {
    return this.processes.some(({ record }) => record.status === "running");
  }

  get processes(): TaskProcess[] {
    return [this.#init, ...this.#execs.values()];
  }

  async exec(record: ProcessRecord): Promise<void> {
    const { id } = record;
    validateID(id);
    if (this.#init.record.status === "stopped") {
      throw new ConnectError("cannot exec in a stopped task", Code.FailedPrecondition);
    }
    if (this.#execs.has(id) || this.#pending.has(id)) {
      throw new ConnectError(`exec "${id}" already exists`, Code.AlreadyExists);
    }
    this.#pending.add(id);
    try {
      const context = this.#loggerContext(id, `exec-${id}`);
      const made = await TaskProcess.create(record, context, this);
      if (this.#deleted) {
        await made.close();
        throw new ConnectError(`task "${this.id}" was deleted`, Code.NotFound);
      }
      this.#execs.set(id, made);
      this.changed(made);
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Deletes a stopped exec and gives its record. */
  async deleteExec(execId: string): Promise<ProcessRecord> {
    const found = this.process(execId);
    checkDeletable(found);
    this.#forget(found);
    await found.close();
    this.#events.delete(this, found.record);
    return found.record;
  }

  /** Its stopped execs of before a time, in ms. */
  execsBefore(time: number): TaskProcess[] {
    return [...this.#execs.values()].filter((exec) => exec.endedBefore(time));
  }

  /** Deletes a stopped exec that nobody deletes. */
  async pruneExec(exec: TaskProcess): Promise<void> {
    this.#forget(exec);
    this.#events.delete(this, exec.record);
    await exec.letGo();
  }

  /** Ends what is left of the task and lets go of its streams. */
  async delete(): Promise<ProcessRecord> {
    this.#deleted = true;
    for (const process of this.processes) {
      if (process.record.status !== "stopped") process.killSession();
    }
    rmSync(join(this.bundle, "task.json"), { force: true });
    await Promise.all(this.processes.map((process) => process.close()));
    rmSync(this.bundle, { recursive: true, force: true });
    return this.#init.record;
  }

  /** @throws ConnectError `FailedPrecondition` while the init process runs */
  checkDeletable(): void {
    checkDeletable(this.#init);
  }

  /** A full disk must not stop a task: what isn't kept is told by the log. */
  changed(process: TaskProcess): void {
    if (this.#deleted || !this.#init || !this.#has(process)) return;
    try {
      this.#save(process);
    } catch (error) {
      report(error);
    }
  }

  #has(process: TaskProcess): boolean {
    return process === this.#init || process === this.#execs.get(process.record.id);
  }

  #save(process: TaskProcess): void {
    const { record } = process;
    if (process === this.#init) {
      const task: TaskRecord = { version: 1, init: record };
      writeState(join(this.bundle, "task.json"), task);
    } else {
      const exec: ExecRecord = { version: 1, exec: record };
      writeState(this.#execFile(record.id), exec);
    }
  }

  #forget({ record: { id } }: TaskProcess): void {
    this.#execs.delete(id);
    rmSync(join(this.#execsFolder, id), { recursive: true, force: true });
  }

  get #execsFolder(): string {
    return join(this.bundle, "execs");
  }

  #execFile(id: string): string {
    return join(this.#execsFolder, id, "exec.json");
  }

  /** When the init process of a container ends, the kernel ends all others: so it is here. */
  async ending(process: TaskProcess): Promise<void> {
    if (process !== this.#init) return;
    this.#killLeft();
    const execs = [...this.#execs.values()].map((exec) => exec.exited);
    await Promise.race([Promise.all(execs), Bun.sleep(killGrace)]);
  }

  /** Kills its execs, and what those that are over, and the init process, have left behind. */
  #killLeft(): void {
    const sessions = liveSessions();
    for (const process of this.processes) {
      if (!process.isOver || process.leads(sessions)) process.killSession();
    }
  }

  ended(process: TaskProcess): void {
    this.#events.exit(this, process.record);
  }

  async #restoreExec(id: string): Promise<void> {
    const record = readState(this.#execFile(id)) as ExecRecord | undefined;
    if (record) this.#execs.set(id, await this.#restore(record.exec, `exec-${id}`));
  }

  #restore(record: ProcessRecord, name: string): Promise<TaskProcess> {
    if (record.status !== "created") return Promise.resolve(TaskProcess.adopt(record, this));
    return TaskProcess.create(record, this.#loggerContext(record.id, name), this).catch(() =>
      TaskProcess.adopt({ ...record, status: "starting" }, this),
    );
  }

  #loggerContext(id: string, name: string): LoggerContext {
    return { id, namespace: this.namespace, stderr: join(this.bundle, `${name}.logger-stderr`) };
  }
}

function checkDeletable({ record: { status } }: TaskProcess): void {
  if (status === "created" || status === "stopped") return;
  throw new ConnectError(
    `process must be stopped before deletion: it is ${status}`,
    Code.FailedPrecondition,
  );
}
