import { TaskIOError } from "@taskio/core";
import type { Announcements } from "./announcements.ts";
import type { LogLoss } from "./log-loss.ts";

/** Counts what could not be written, and has each spell announced when it begins and when it is over. */
export class Losses {
  bytes = 0;
  error: TaskIOError | undefined;
  readonly #announcements: Announcements;
  readonly #listener: (loss: LogLoss) => void;
  #spell: { bytes: number; readonly error: TaskIOError } | undefined;

  constructor(announcements: Announcements, listener: (loss: LogLoss) => void) {
    this.#announcements = announcements;
    this.#listener = listener;
  }

  add(bytes: number, path: string, thrown: unknown): void {
    this.bytes += bytes;
    if (this.#spell) {
      this.#spell.bytes += bytes;
      return;
    }
    this.error = TaskIOError.from(thrown, "SINK_FAILED", `write to the log "${path}"`);
    this.#spell = { bytes, error: this.error };
    this.#announce({ ...this.#spell, over: false, closed: false });
  }

  /** Something was written; or nothing will be any more, as the writer is closed. */
  endSpell({ closed = false } = {}): void {
    if (!this.#spell) return;
    this.#announce({ ...this.#spell, over: true, closed });
    this.#spell = undefined;
  }

  #announce(loss: LogLoss): void {
    this.#announcements.add(this.#listener, loss);
  }
}
