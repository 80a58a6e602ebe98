import { Code, ConnectError } from "@connectrpc/connect";
import { TaskIOError } from "@taskio/core";
import { openStreams } from "../streams/open-streams.ts";
import { adoptStreams } from "../streams/adopt-streams.ts";
import type { LoggerContext } from "../streams/logger.ts";
import type { ProcessStreams } from "../streams/process-streams.ts";
import { report } from "../report.ts";
import { ExecError } from "./find-executable.ts";
import { isStillIts, pidIdentity, processIdentity, sessionMembers } from "./proc.ts";
import type { ProcessRecord } from "./process-record.ts";
import type { Size } from "./process-spec.ts";
import { spawnProcess } from "./spawn-process.ts";
import { watchProcess } from "./watch-process.ts";

/** The exit status of a process whose end nobody saw. */
const unknownExitStatus = 255;
const SIGKILL = 9;
/** By default CHLD, CONT, STOP, TSTP, TTIN, TTOU, URG and WINCH end no process. */
const harmless = new Set([17, 18, 19, 20, 21, 22, 23, 28]);

/** What a process tells its task. */
export interface ProcessOwner {
  /** To be kept on disk now. */
  changed(process: TaskProcess): void;
  /** The process is over; its end is made known when this has settled. */
  ending(process: TaskProcess): Promise<void>;
  /** Its end is known. */
  ended(process: TaskProcess): void;
}

/** One process of a task, init or exec, from its creation until it is deleted. */
export class TaskProcess {
  readonly exited: Promise<void>;
  readonly #owner: ProcessOwner;
  readonly #streams: ProcessStreams;
  readonly #exit = Promise.withResolvers<void>();
  #record: ProcessRecord;
  #over = false;
  /** Whether the last look found nobody in its session. */
  #missed = false;

  private constructor(record: ProcessRecord, streams: ProcessStreams, owner: ProcessOwner) {
    this.#record = record;
    this.#streams = streams;
    this.#owner = owner;
    this.exited = this.#exit.promise;
    if (record.stdinClosed) streams.closeStdin();
  }

  /** A new process, or one that was never started by a runtime that is gone. */
  static async create(record: ProcessRecord, context: LoggerContext, owner: ProcessOwner) {
    const streams = await openStreams(record.config, record.size, context);
    return new TaskProcess(record, streams, owner);
  }

  /** A process that an earlier runtime started: still there, or ended unseen. */
  static adopt(record: ProcessRecord, owner: ProcessOwner): TaskProcess {
    const found = new TaskProcess(record, adoptStreams(record.config, record.stdinClosed), owner);
    const { identity, pid, status } = record;
    if (status === "stopped") found.#finished();
    else if (identity && processIdentity(pid) === identity) {
      watchProcess(pid, identity, () => void found.#end(unknownExitStatus));
    } else void found.#end(unknownExitStatus);
    return found;
  }

  get record(): ProcessRecord {
    return this.#record;
  }

  /** Whether it is known to have ended; what becomes of it then may be under way. */
  get isOver(): boolean {
    return this.#over;
  }

  start(): number {
    if (this.#record.status !== "created") {
      throw new ConnectError(
        `cannot start a ${this.#record.status} process`,
        Code.FailedPrecondition,
      );
    }
    this.#set({ status: "starting" });
    try {
      const child = spawnProcess(this.#record.spec, this.#streams);
      const identity = pidIdentity(child.pid); // it may have ended already, and left others behind
      this.#set({ status: "running", pid: child.pid, ...(identity && { identity }) });
      this.#streams.started();
      child.unref();
      void child.exited.then((status) => this.#end(status));
      return child.pid;
    } catch (error) {
      void this.#end(error instanceof ExecError ? error.exitStatus : unknownExitStatus);
      throw error;
    }
  }

  /** @param all the whole session that the process began, which it may have left behind */
  kill(signal: number, all: boolean): void {
    const { status } = this.#record;
    if (status === "created") {
      if (signal !== 0 && !harmless.has(signal)) void this.#end(128 + signal);
      return;
    }
    if (status === "stopped" || !this.#send(all ? this.#session() : this.#itself(), signal)) {
      throw new ConnectError("process already finished", Code.NotFound);
    }
  }

  /** Kills what is left of the session that the process began, as far as it can be. */
  killSession(): void {
    if (this.#record.status === "created") return void this.#end(128 + SIGKILL);
    try {
      this.#send(this.#session(), SIGKILL);
    } catch (error) {
      report(error); // one that became another user's
    }
  }

  closeStdin(): void {
    this.#streams.closeStdin();
    this.#set({ stdinClosed: true });
  }

  resize(size: Size): void {
    if (!this.#record.config.terminal || this.#record.status === "stopped") return;
    this.#streams.resize(size);
    if (this.#record.status === "created") this.#set({ size });
  }

  close(): Promise<void> {
    return this.#streams.close();
  }

  /** As {@link close}, but whoever reads its outputs gets all of them, however long it takes. */
  async letGo(): Promise<void> {
    await this.#streams.flush();
    await this.#streams.close();
  }

  /** Whether it is over, and its end was so long ago, in ms. */
  endedBefore(time: number): boolean {
    const { exitedAt, status } = this.#record;
    return status === "stopped" && exitedAt !== undefined && Date.parse(exitedAt) <= time;
  }

  /** Whether it is over and may have left processes behind, as far as is known. */
  get mayHaveLeft(): boolean {
    const { pid, sessionGone, status } = this.#record;
    return status === "stopped" && pid !== 0 && !sessionGone;
  }

  /** Whether one of these sessions is the one that it began. */
  leads(sessions: ReadonlySet<number>): boolean {
    return sessions.has(this.#record.pid) && this.#hasSession();
  }

  /**
   * Remembers that its session is gone when a second look in a row, a while after the first, finds
   * nobody: one look at `/proc` may miss a process that forks and ends meanwhile.
   */
  lookForSession(sessions: ReadonlySet<number>): void {
    if (!this.mayHaveLeft) return;
    const missed = !this.leads(sessions);
    if (missed && this.#missed) this.#set({ sessionGone: true });
    this.#missed = missed;
  }

  #itself(): number[] {
    const { identity, pid } = this.#record;
    return identity !== undefined && processIdentity(pid) === identity ? [pid] : [];
  }

  #session(): number[] {
    return this.#hasSession() ? sessionMembers(this.#record.pid) : [];
  }

  /** Whether a session of its pid can only be its own. */
  #hasSession(): boolean {
    const { identity, pid, sessionGone } = this.#record;
    return !sessionGone && identity !== undefined && isStillIts(pid, identity);
  }

  #send(pids: readonly number[], signal: number): boolean {
    let sent = false;
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
        sent = true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ESRCH") continue;
        throw TaskIOError.from(error, "ENGINE_FAILED", `send signal ${signal} to process ${pid}`);
      }
    }
    return sent;
  }

  async #end(exitStatus: number): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const exitedAt = new Date().toISOString();
    await this.#owner.ending(this);
    this.#set({ status: "stopped", exitStatus, exitedAt });
    this.#finished();
    this.#owner.ended(this);
  }

  #finished(): void {
    this.#over = true;
    this.#streams.ended();
    this.#exit.resolve();
  }

  #set(change: Partial<ProcessRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#owner.changed(this);
  }
}
