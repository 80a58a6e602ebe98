import type { Cancellable } from "./cancellable.ts";
import type { ExecOptions } from "./exec-process.ts";
import type { LoadOptions } from "./load-process.ts";
import type { Process } from "./process.ts";

/** A process that the system sees in a container. */
export interface ProcessInfo {
  readonly pid: number;
  /** Of an exec, where the runtime says so. */
  readonly execId?: string;
}

/** A container that runs: its init process, and what is done in it. */
export interface Task extends Process {
  /**
   * Adds a process, not started yet.
   *
   * @param execId a containerd identifier, unique in the container
   * @throws TaskIOError `INVALID_ID`, `IN_USE` when the id is taken, `INVALID_CONFIG`, `NOT_FOUND`, and
   * what the creator throws; nothing is left behind
   */
  exec(execId: string, options: ExecOptions): Promise<Process>;
  /**
   * Takes hold of an exec that exists, as the client's `loadTask` does of a task.
   *
   * @throws TaskIOError `NOT_FOUND`, `NOT_ATTACHABLE`, and what the attach throws
   */
  loadExec(execId: string, options?: LoadOptions): Promise<Process>;
  /** The processes in the container. */
  pids(options?: Cancellable): Promise<ProcessInfo[]>;
  /** Freezes all processes. */
  pause(options?: Cancellable): Promise<void>;
  /** Goes on after a pause. */
  resume(options?: Cancellable): Promise<void>;
}
