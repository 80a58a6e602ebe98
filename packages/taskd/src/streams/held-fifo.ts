import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { TaskIOError } from "@taskio/core";

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/**
 * Both ends of a client's FIFO, held: a client that comes and goes ends nothing for the process, and
 * what was written stays in the FIFO. The path is never made, and not needed again.
 */
export class HeldFIFO {
  readonly path: string;
  #reader: number | undefined;
  #writer: number | undefined;

  /** @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `PERMISSION`, `UNAVAILABLE` */
  constructor(path: string) {
    this.path = path;
    this.#reader = openEnd(path, path, O_RDONLY);
    try {
      if (!fstatSync(this.#reader).isFIFO()) {
        throw new TaskIOError("NOT_FIFO", `"${path}" is not a FIFO`, { path });
      }
      this.#writer = openEnd(`/proc/self/fd/${this.#reader}`, path, O_WRONLY);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get reader(): number {
    return held(this.#reader, this.path);
  }

  get writer(): number {
    return held(this.#writer, this.path);
  }

  /** The FIFO once more, non-blocking, as an open file that shares nothing with ours. */
  open(access: number): number {
    return openEnd(`/proc/self/fd/${this.#reader ?? this.writer}`, this.path, access);
  }

  /** Lets writers come and go: a reader that waits for one sees the end. */
  pulse(): void {
    closeSync(this.open(O_WRONLY));
  }

  dropReader(): void {
    if (this.#reader !== undefined) closeSync(this.#reader);
    this.#reader = undefined;
  }

  dropWriter(): void {
    if (this.#writer !== undefined) closeSync(this.#writer);
    this.#writer = undefined;
  }

  close(): void {
    this.dropWriter();
    this.dropReader();
  }
}

function openEnd(path: string, name: string, access: number): number {
  try {
    return openSync(path, access | O_NONBLOCK);
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", `open the stream "${name}"`);
  }
}

function held(fd: number | undefined, path: string): number {
  if (fd !== undefined) return fd;
  throw new TaskIOError("CLOSED", `"${path}" is no longer held`, { path });
}
