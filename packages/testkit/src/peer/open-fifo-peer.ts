import { type Config, type StreamName, TaskIOError } from "@taskio/core";
import fs, { constants } from "node:fs";
import { NonblockingFD } from "../streams/nonblocking-fd.ts";
import type { Peer } from "./peer.ts";

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/**
 * The {@link Peer} of a Config whose paths are FIFOs, in this process: opened as a shim opens them
 * (both ends of the outputs, the reading end of stdin and a hold on its writing end), read and
 * written without any engine.
 *
 * @throws TaskIOError `NOT_FOUND`, `PERMISSION`, … where a FIFO can't be opened; nothing stays open
 *
 * @example
 * ```ts
 * import { withStreams } from "@taskio/core";
 * import { newCreator } from "@taskio/fifo";
 * import { openFifoPeer } from "@taskio/testkit";
 *
 * await using io = await newCreator(withStreams(undefined, 1))("task-1");
 * const peer = openFifoPeer(io.config);
 * await peer.write("stdout", new TextEncoder().encode("hello\n")); // hello
 * peer.exit();
 * await io.wait();
 * ```
 */
export function openFifoPeer(config: Config): Peer {
  return new FifoPeer(config);
}

class FifoPeer implements Peer {
  readonly #ends: NonblockingFD[] = [];
  readonly #outputs: Record<"stdout" | "stderr", NonblockingFD | undefined>;
  readonly #stdin: NonblockingFD | undefined;
  readonly #stdinHold: NonblockingFD | undefined;

  constructor(config: Config) {
    try {
      this.#outputs = {
        stdout: this.#open(config, "stdout", O_RDWR),
        stderr: this.#open(config, "stderr", O_RDWR),
      };
      this.#stdin = this.#open(config, "stdin", O_RDONLY);
      this.#stdinHold = this.#open(config, "stdin", O_WRONLY);
    } catch (error) {
      this.exit();
      throw TaskIOError.from(error, "UNAVAILABLE", "open the task's side of its streams");
    }
  }

  async write(stream: "stdout" | "stderr", data: Uint8Array): Promise<void> {
    await this.#outputs[stream]?.writeAll(data);
  }

  async *readStdin(): AsyncGenerator<Uint8Array> {
    if (this.#stdin) yield* this.#stdin.chunks();
  }

  closeIO(): void {
    this.#stdinHold?.close();
  }

  exit(): void {
    for (const end of this.#ends) end.close();
  }

  #open(config: Config, name: StreamName, mode: number): NonblockingFD | undefined {
    const path = config[name];
    if (path === "" || path === "/dev/null") return undefined;
    const end = new NonblockingFD(fs.openSync(path, mode | O_NONBLOCK));
    this.#ends.push(end);
    return end;
  }
}
