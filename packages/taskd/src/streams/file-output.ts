import { closeSync, constants, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { TaskIOError } from "@taskio/core";
import type { Output } from "./output.ts";

const { O_WRONLY, O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK } = constants;

/** An output appended to a file, without copying. */
export class FileOutput implements Output {
  readonly #path: string;
  #fd: number | undefined;

  /** @param make whether a missing file, and missing folders, are made: 0644 and 0755 */
  constructor(path: string, make: boolean) {
    this.#path = path;
    try {
      if (make) mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      this.#fd = openSync(path, flags | (make ? O_CREAT : 0), 0o644);
    } catch (error) {
      throw TaskIOError.from(error, "ENGINE_FAILED", `open the output "${path}"`);
    }
  }

  open(): number {
    try {
      return openSync(`/proc/self/fd/${this.#fd}`, flags);
    } catch (error) {
      throw TaskIOError.from(error, "ENGINE_FAILED", `open the output "${this.#path}"`);
    }
  }

  ended(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  async close(): Promise<void> {
    this.ended();
  }
}

// O_NONBLOCK for devices whose open would wait; the process's copy is made blocking when it is spawned
const flags = O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK;
