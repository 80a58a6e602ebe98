import { chmod, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Ran, run } from "./run.ts";

/** Where somebody follows a page: an empty folder, a shell that stays in one, programs of one's own. */
export class Workplace {
  /** The folder that the reader begins in. */
  readonly home: string;
  readonly #bin: string;
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.home = join(folder, "home");
    this.#bin = join(folder, "bin");
    this.#cwd = join(folder, "cwd");
    this.#env = { ...env, PATH: `${this.#bin}${delimiter}${process.env["PATH"]}` };
  }

  static async make(folder: string, env: Readonly<Record<string, string>>): Promise<Workplace> {
    const place = new Workplace(folder, env);
    await Promise.all([mkdir(place.home), mkdir(place.#bin)]);
    await Bun.write(place.#cwd, place.home);
    return place;
  }

  /** Makes a program, a line of a shell's, that is found before others of its name. */
  async addProgram(name: string, line: string): Promise<void> {
    const path = join(this.#bin, name);
    await Bun.write(path, `#!/bin/sh\n${line}\n`);
    await chmod(path, 0o755);
  }

  /** Runs commands; the next ones begin in the folder that these end in. */
  async run(commands: string): Promise<Ran> {
    const script = `set -e\n${commands}\npwd > '${this.#cwd}'`;
    return run(await this.#folder(), ["sh", "-c", script], this.#env);
  }

  async write(file: string, text: string): Promise<void> {
    await Bun.write(join(await this.#folder(), file), text);
  }

  async #folder(): Promise<string> {
    return (await Bun.file(this.#cwd).text()).trim();
  }
}
