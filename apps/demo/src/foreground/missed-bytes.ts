import type { CommandLine } from "../cli/command-line.ts";
import { tell } from "../cli/print.ts";

/** Counts what a viewer was too slow for, and tells it at the end: a line for all. */
export class MissedBytes {
  #bytes = 0;

  readonly add = (bytes: number): void => {
    this.#bytes += bytes;
  };

  /** @param name of the task */
  tell(name: string, command: CommandLine): void {
    if (this.#bytes === 0) return;
    tell(
      `${this.#bytes} bytes of the output are missing here, which came faster than they were taken: ` +
        `see them with ${command(`logs ${name}`)}`,
    );
  }
}
