import { readdirSync, readlinkSync } from "node:fs";
import { commandOf } from "./command-of.ts";

/** The first PID namespace of a system has a fixed number; from any other, processes are out of sight. */
const firstPIDNamespace = "pid:[4026531836]";

/** Process 1 of that namespace runs the system, and is no client; some don't let even root look. */
const systemInit = 1;

/** Reads about processes in /proc, which come and go, and remembers what was refused. */
export class ProcessView {
  readonly #refused = new Map<number, string>();
  #first = false;

  /** The ids of all processes. */
  list(): number[] {
    const pids = this.read(0, () => readdirSync("/proc")) ?? [];
    const found = pids.filter((name) => /^\d+$/.test(name)).map(Number);
    this.#first = found.includes(1);
    return found;
  }

  /** The folders that a process has an entry for each of its fds in. */
  fdFolders(pid: number): { readonly folder: string; readonly fds: readonly string[] }[] {
    const folder = `/proc/${pid}/fd`;
    const fds = this.read(pid, () => readdirSync(folder)) ?? [];
    return fds.length > 0 ? [{ folder, fds }] : this.#fdFoldersOfThreads(pid);
  }

  /** What a read of /proc gives; undefined when it is gone by now, or refused. */
  read<T>(pid: number, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      const { code = "EIO" } = error as NodeJS.ErrnoException;
      const gone = code === "ENOENT" || code === "ESRCH";
      if (!gone && pid !== systemInit) this.#refused.set(pid, code);
      return undefined;
    }
  }

  /** Why processes may have been missed; undefined when all were seen. */
  get incomplete(): string | undefined {
    if (!isFirstPIDNamespace()) {
      return "processes outside this PID namespace are out of sight: look from the host";
    }
    if (this.#refused.size > 0) return `${this.#whoRefused()}${lookAsRoot()}`;
    return this.#first ? undefined : `/proc hides processes (hidepid)${lookAsRoot()}`;
  }

  #whoRefused(): string {
    const [pid] = this.#refused.keys();
    const codes = [...new Set(this.#refused.values())].join(", ");
    const who = `process ${pid} (${commandOf(pid!)})`;
    const others = this.#refused.size - 1;
    return `${who}${others > 0 ? ` and ${others} more` : ""} may not be looked into (${codes})`;
  }

  /** A process whose first thread has ended goes on in the others, and has its fds there only. */
  #fdFoldersOfThreads(pid: number) {
    for (const thread of this.read(pid, () => readdirSync(`/proc/${pid}/task`)) ?? []) {
      if (thread === String(pid)) continue;
      const folder = `/proc/${pid}/task/${thread}/fd`;
      const fds = this.read(pid, () => readdirSync(folder)) ?? [];
      if (fds.length > 0) return [{ folder, fds }];
    }
    return [];
  }
}

function isFirstPIDNamespace(): boolean {
  try {
    return readlinkSync("/proc/self/ns/pid") === firstPIDNamespace;
  } catch {
    return false;
  }
}

function lookAsRoot(): string {
  return process.geteuid?.() === 0 ? "" : ": look as root";
}
