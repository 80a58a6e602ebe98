import { type Config, type StreamName, TaskIOError } from "@taskio/core";
import fs, { constants } from "node:fs";
import { dirname } from "node:path";

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** The ends of a Config's streams that a shim and its process have open. */
export class StdioEnds {
  /** What `Bun.spawn` takes: the process's own ends, or "ignore". */
  readonly stdio: [number | "ignore", number | "ignore", number | "ignore"];
  readonly #child: number[] = [];
  readonly #holds: number[] = [];
  #stdinHold: number | undefined;

  constructor(config: Config) {
    try {
      const stdout = this.#openOutput(config.stdout, "stdout");
      const shared =
        stdout !== "ignore" &&
        (config.terminal || config.stdout.includes("://") || config.stderr === config.stdout);
      const stderr = shared ? stdout : this.#openOutput(config.stderr, "stderr");
      this.stdio = [this.#openStdin(config.stdin), stdout, stderr];
    } catch (error) {
      this.closeChildEnds();
      this.release();
      throw TaskIOError.from(error, "UNAVAILABLE", "open the task's side of its streams");
    }
  }

  /** For the parent, right after the spawn: an open end here would keep EOF from the readers. */
  closeChildEnds(): void {
    for (const fd of this.#child.splice(0)) fs.closeSync(fd);
  }

  closeStdin(): void {
    if (this.#stdinHold === undefined) return;
    fs.closeSync(this.#stdinHold);
    this.#stdinHold = undefined;
  }

  release(): void {
    this.closeStdin();
    for (const fd of this.#holds.splice(0)) fs.closeSync(fd);
  }

  #openOutput(path: string, name: StreamName): number | "ignore" {
    if (isUnwired(path)) return "ignore";
    if (path.includes("://")) return this.#openLog(path, name);
    if (!fs.statSync(path).isFIFO()) return this.#openChildEnd(path, O_WRONLY | O_APPEND);
    this.#holds.push(fs.openSync(path, O_RDWR | O_NONBLOCK));
    return this.#openChildEnd(path, O_WRONLY);
  }

  #openLog(uri: string, name: StreamName): number {
    const { protocol, pathname } = new URL(uri);
    if (protocol !== "file:") {
      throw new TaskIOError(
        "INVALID_CONFIG",
        `unknown scheme of ${name} "${uri}": give a path or file:///path`,
      );
    }
    const path = decodeURIComponent(pathname);
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    return this.#openChildEnd(path, O_WRONLY | O_APPEND | O_CREAT);
  }

  #openStdin(path: string): number | "ignore" {
    if (isUnwired(path)) return "ignore";
    if (!fs.statSync(path).isFIFO()) return this.#openChildEnd(path, O_RDONLY);
    // The reader first: opening the hold for writing alone would fail without one.
    const both = fs.openSync(path, O_RDWR | O_NONBLOCK);
    try {
      const child = this.#openChildEnd(path, O_RDONLY);
      this.#stdinHold = fs.openSync(path, O_WRONLY | O_NONBLOCK);
      return child;
    } finally {
      fs.closeSync(both);
    }
  }

  /** An open of the process's own: O_NONBLOCK belongs to the open file, and Bun clears it for a child. */
  #openChildEnd(path: string, flags: number): number {
    const fd = fs.openSync(path, flags, 0o644);
    this.#child.push(fd);
    return fd;
  }
}

function isUnwired(path: string): boolean {
  return path === "" || path === "/dev/null";
}
