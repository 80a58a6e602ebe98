import { fifoHolders } from "@taskio/fifo/holders";
import { expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FoundStream } from "../../src/doctor/streams.ts";
import { type Ended, endOf } from "./test-runtime.ts";

/** Whether all processes can be looked into here; else it can't be told what is abandoned. */
export const seesAll = fifoHolders(["/dev/null"]).incomplete === undefined;

type Env = Readonly<Record<string, string | undefined>>;

/** What `doctor --json` prints, as far as tests look at it. */
interface Diagnosis {
  readonly healthy: boolean;
  readonly streams: readonly FoundStream[];
  readonly ended: readonly { readonly id: string }[];
  readonly withoutContainer: readonly { readonly id: string }[];
}

/**
 * `taskio doctor` on a folder of a test's own. The machine's, where tests that run at the same time have
 * theirs, is out of its sight.
 */
export class Diagnosed {
  readonly #command: readonly string[];
  readonly #env: Env;
  readonly #fifoDir: string;

  constructor(command: readonly string[], env: Env, fifoDir: string) {
    const hide = 'mkdir -p $0 && mount -t tmpfs none $0 && exec "$@"';
    this.#command = ["unshare", "--mount", "sh", "-c", hide, "/run/containerd/fifo", ...command];
    this.#env = env;
    this.#fifoDir = fifoDir;
  }

  /** What it prints for people. */
  lines(...args: string[]): Promise<Ended> {
    const command = [...this.#command, "doctor", "--fifo-dir", this.#fifoDir, ...args];
    return endOf(Bun.spawn(command, { env: { ...this.#env }, stdout: "pipe", stderr: "pipe" }));
  }

  /** What it prints for programs. */
  async json(...args: string[]): Promise<Diagnosis> {
    const { stdout, stderr } = await this.lines("--json", ...args);
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Diagnosis;
  }

  /** What is said of the output of a task. */
  async streamOf(id: string): Promise<FoundStream | undefined> {
    const { streams } = await this.json();
    return streams.find(({ task, exec, stream }) => task === id && !exec && stream === "stdout");
  }

  /** What is said of the output of an exec. */
  async execStream(id: string): Promise<FoundStream | undefined> {
    const { streams } = await this.json();
    return streams.find(({ exec, stream }) => exec === id && stream === "stdout");
  }

  /** Makes a folder as a client that is killed then leaves it. */
  makeFolder(name: string, fifos: readonly string[]): string {
    const folder = join(this.#fifoDir, name);
    mkdirSync(folder, { mode: 0o700 });
    for (const fifo of fifos) Bun.spawnSync(["mkfifo", join(folder, fifo)]);
    return folder;
  }
}
