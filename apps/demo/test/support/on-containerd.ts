import {
  type Daemon,
  missingContainerd,
  PtyCommand,
  startContainerd,
  until,
} from "@taskio/test-support";
import { expect } from "bun:test";
import { TestRuntime } from "./test-runtime.ts";

/** Why there is no containerd to test with. */
export const missing = missingContainerd();

/** A title that tells that. */
export function titled(title: string): string {
  return missing ? `${title} (skipped: ${missing})` : title;
}

/** The command, and `ctr`, on a containerd of a test's own, in a namespace that no other test uses. */
export class OnContainerd implements AsyncDisposable {
  readonly daemon: Daemon;
  readonly namespace: string;
  readonly taskio: TestRuntime;

  private constructor(daemon: Daemon) {
    this.daemon = daemon;
    this.namespace = `cli-${process.pid}-${crypto.randomUUID().slice(0, 8)}`; // cgroups are named after it
    this.taskio = new TestRuntime(undefined, undefined, this.env);
  }

  static async start(): Promise<OnContainerd> {
    return new OnContainerd(await startContainerd());
  }

  /** What leads a client here. */
  get env(): Readonly<Record<string, string>> {
    return { CONTAINERD_ADDRESS: this.daemon.address, CONTAINERD_NAMESPACE: this.namespace };
  }

  /** Runs `ctr`, which has to end well, and gives its output. */
  async ctr(...args: string[]): Promise<string> {
    const ended = await this.daemon.ctr("--namespace", this.namespace, ...args);
    expect(ended).toMatchObject({ exitCode: 0 });
    return ended.stdout;
  }

  /** Has `ctr` start a task of the root filesystem in the background. */
  async ctrRun(flags: readonly string[], id: string, ...args: string[]): Promise<void> {
    await this.ctr("run", "-d", ...this.#options(flags), id, ...args);
  }

  /** As `ctrRun`, for a script of `sh` that begins when `ctr` has left, which would read its output. */
  async ctrRunLater(id: string, script: string): Promise<void> {
    const begin = `/tmp/begin-${id}`;
    const wait = `until [ -e ${begin} ]; do sleep 0.05; done; `;
    await this.ctrRun([], id, "sh", "-c", wait + script);
    await Bun.write(`${this.daemon.rootfs}${begin}`, "");
  }

  /** With a terminal, for which `ctr` needs one. */
  async ctrRunOnTerminal(id: string, ...args: string[]): Promise<void> {
    const options = this.#options(["--tty"]);
    const ctr = this.spawnOnTerminal("run", "-d", ...options, id, ...args);
    expect(await ctr.exited()).toBe(0);
  }

  /** `ctr` that stays with its task. */
  ctrForeground(id: string, ...args: string[]) {
    const { namespace, daemon } = this;
    return daemon.spawnCtr("--namespace", namespace, "run", ...this.#options([]), id, ...args);
  }

  /** Waits until a task is in a state. */
  async untilStatus(id: string, status: "RUNNING" | "STOPPED"): Promise<void> {
    const line = new RegExp(`^${id} .*${status}`, "m");
    await until(async () => line.test(await this.ctr("task", "ls")), `${id} is ${status}`);
  }

  /** The keys of snapshots that are a container's. */
  async activeSnapshots(): Promise<string[]> {
    const table = await this.ctr("snapshot", "ls");
    return [...table.matchAll(/^(\S+) .*\bActive\b/gm)].map(([, key]) => key!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.taskio[Symbol.asyncDispose]();
    await this.daemon.stop();
  }

  /** Starts `ctr` on a terminal of its own. */
  spawnOnTerminal(...args: string[]): PtyCommand {
    const command = [...this.daemon.ctrCommand, "--namespace", this.namespace, ...args];
    return new PtyCommand(command, this.daemon.env);
  }

  #options(flags: readonly string[]): string[] {
    const { fifoDir, rootfs } = this.daemon;
    return [...flags, "--fifo-dir", fifoDir, "--env", "PATH=/bin", "--rootfs", rootfs];
  }
}
