import { constants, openSync } from "node:fs";
import type { Logger } from "./logger.ts";
import type { Output } from "./output.ts";

/** One of a logger's inputs, which the process writes itself. */
export class LoggerOutput implements Output {
  readonly #logger: Logger;
  readonly #input: 0 | 1;

  constructor(logger: Logger, input: 0 | 1) {
    this.#logger = logger;
    this.#input = input;
  }

  get writer(): number {
    return this.#logger.inputs[this.#input];
  }

  open(): number {
    const path = `/proc/self/fd/${this.writer}`;
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  }

  ended(): void {
    this.#logger.closeInputs();
  }

  close(): Promise<void> {
    return this.#logger.close();
  }
}
