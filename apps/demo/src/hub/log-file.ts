import { statSync } from "node:fs";

/** The file that a hub's log began with. Its path may be another hub's later, for the next task of the name. */
export class LogFile {
  readonly #path: string;
  readonly #dev: number;
  readonly #ino: number;

  constructor(path: string) {
    this.#path = path;
    ({ dev: this.#dev, ino: this.#ino } = statSync(path));
  }

  /** In bytes; undefined where another file is at the path by now, or none. */
  get size(): number | undefined {
    const there = statSync(this.#path, { throwIfNoEntry: false });
    return there?.ino === this.#ino && there.dev === this.#dev ? there.size : undefined;
  }
}
