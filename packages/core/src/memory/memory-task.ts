import type { Config } from "../config.ts";
import { MemoryPipe } from "./memory-pipe.ts";

/** The task's side of streams in memory: what the process and its runtime would do. */
export class MemoryTask {
  readonly config: Config;
  /** @internal */
  readonly pipes = { stdin: new MemoryPipe(), stdout: new MemoryPipe(), stderr: new MemoryPipe() };

  /** @internal */
  constructor(config: Config) {
    this.config = config;
  }

  /** What the client sent to stdin; ends after {@link closeIO}. */
  get stdin(): AsyncIterable<Uint8Array> {
    return this.pipes.stdin;
  }

  /** Writes output; waits while nobody reads and 64 KiB are held, as a process does. */
  async write(stream: "stdout" | "stderr", data: Uint8Array | string): Promise<void> {
    if (!this.config[stream].startsWith("memory:")) return; // not wired: /dev/null
    await this.pipes[stream].writeAll(typeof data === "string" ? Buffer.from(data) : data);
  }

  /** Ends stdin once what was sent has been read: the runtime's `CloseIO`. */
  closeIO(): void {
    this.pipes.stdin.end();
  }

  /** Ends all streams. Output that was not read yet stays readable. */
  exit(): void {
    for (const pipe of Object.values(this.pipes)) pipe.end();
  }
}
