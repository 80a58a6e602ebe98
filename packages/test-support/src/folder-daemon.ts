import type { Subprocess } from "bun";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { DaemonFolder } from "./daemon-folder.ts";
import type { Daemon, Ended } from "./daemon.ts";
import type { Tools } from "./find-tools.ts";
import { environment } from "./environment.ts";
import { importImage, type ImageOptions, type ImportedImage } from "./image/import-image.ts";
import { cleanUp } from "./leftovers/clean-up.ts";
import { until } from "./until.ts";

/** A daemon whose folder is made. */
export class FolderDaemon implements Daemon {
  readonly address: string;
  readonly rootfs: string;
  readonly fifoDir: string;
  readonly runcRoot: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ctrCommand: readonly string[];
  readonly #folder: DaemonFolder;
  readonly #tools: Tools;
  #process: Subprocess | undefined;
  #stopped: Promise<void> | undefined;

  constructor(folder: DaemonFolder, tools: Tools, version: string) {
    ({ address: this.address, rootfs: this.rootfs, fifoDir: this.fifoDir } = folder);
    this.runcRoot = folder.runcRoot;
    this.version = version;
    this.env = environment([folder.bin, tools.folder]);
    this.ctrCommand = [join(tools.folder, "ctr"), "--address", folder.address];
    this.#folder = folder;
    this.#tools = tools;
  }

  log(): Promise<string> {
    return Bun.file(this.#folder.log).text();
  }

  async start({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#stopped) throw new Error("this containerd was stopped, and has nothing any more");
    if (this.#process && !hasEnded(this.#process)) throw new Error("this containerd runs already");
    const logStart = Bun.file(this.#folder.log).size;
    this.#process = this.#spawn();
    try {
      await this.#untilReady(this.#process, logStart, signal);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.exited;
    this.#process = undefined;
  }

  async terminate(): Promise<void> {
    const daemon = this.#process;
    daemon?.kill("SIGTERM");
    await until(() => !daemon || hasEnded(daemon), "the end of containerd after a SIGTERM");
    this.#process = undefined;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.kill().then(() => cleanUp(this.#folder, this.#tools.runc));
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async ctr(...args: string[]): Promise<Ended> {
    const options = { stdin: "ignore", stdout: "pipe", stderr: "pipe", env: this.env } as const;
    const ctr = Bun.spawn([...this.ctrCommand, ...args], options);
    const [stdout, stderr, exitCode] = await Promise.all([
      ctr.stdout.text(),
      ctr.stderr.text(),
      ctr.exited,
    ]);
    return { exitCode, stdout, stderr };
  }

  spawnCtr(...args: string[]): Subprocess<"pipe", "pipe", "pipe"> {
    const options = { stdin: "pipe", stdout: "pipe", stderr: "pipe", env: this.env } as const;
    return Bun.spawn([...this.ctrCommand, ...args], options);
  }

  importImage(name: string, options?: ImageOptions): Promise<ImportedImage> {
    return importImage(this, this.#folder.path, name, options);
  }

  /** Its log goes on after that of an earlier start. */
  #spawn(): Subprocess {
    const log = openSync(this.#folder.log, "a");
    try {
      const command = [join(this.#tools.folder, "containerd"), "--config", this.#folder.config];
      return Bun.spawn(command, { stdin: "ignore", stdout: log, stderr: log, env: this.env });
    } finally {
      closeSync(log);
    }
  }

  async #untilReady(daemon: Subprocess, logStart: number, signal?: AbortSignal): Promise<void> {
    const log = () => Bun.file(this.#folder.log).slice(logStart).text();
    const isReady = async () => (await log()).includes("containerd successfully booted");
    const isOver = async () => (await isReady()) || hasEnded(daemon);
    await until(isOver, "containerd's start", { ms: 30_000, signal });
    if (hasEnded(daemon)) throw new Error(`containerd did not start:\n${await log()}`);
  }
}

function hasEnded({ exitCode, signalCode }: Subprocess): boolean {
  return exitCode !== null || signalCode !== null;
}
