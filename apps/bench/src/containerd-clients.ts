import { type Daemon, startContainerd } from "@taskio/test-support";
import { closeSync, openSync } from "node:fs";
import { build } from "./build.ts";
import { interrupted } from "./interrupted.ts";

/** What a command took. */
export interface Used {
  /** From its start to its end, in ms. */
  readonly ms: number;
  /** Of a core, in seconds. */
  readonly cpu: number;
}

/** `taskio` as it is installed, one binary, and `ctr`, on a containerd of their own. */
export class ContainerdClients implements AsyncDisposable {
  readonly daemon: Daemon;
  readonly taskio: readonly string[];
  readonly ctr: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  private constructor(daemon: Daemon, taskio: string) {
    this.daemon = daemon;
    this.taskio = [taskio];
    this.ctr = daemon.ctrCommand;
    this.#env = {
      ...daemon.env,
      CONTAINERD_ADDRESS: daemon.address,
      CONTAINERD_NAMESPACE: `bench-${process.pid}`, // cgroups are the machine's
    };
  }

  static async start(): Promise<ContainerdClients> {
    const script = Bun.resolveSync("@taskio/demo/scripts/build.ts", import.meta.dir);
    const taskio = await build("taskio", (output) => [process.execPath, script, output]);
    return new ContainerdClients(await startContainerd({ signal: interrupted }), taskio);
  }

  /**
   * Runs a command to its end.
   *
   * @param stdout where what it prints goes. @default nowhere
   */
  async run(command: readonly string[], stdout = "/dev/null"): Promise<Used> {
    const fd = openSync(stdout, "r+"); // a FIFO has both ends then, and no open waits
    try {
      const start = performance.now();
      const child = Bun.spawn([...command], {
        stdio: ["ignore", fd, "pipe"],
        env: this.#env,
        timeout: 60_000,
        signal: interrupted,
        killSignal: "SIGKILL",
      });
      const stderr = await child.stderr.text();
      const exitCode = await child.exited;
      const ms = performance.now() - start;
      if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${exitCode}: ${stderr}`);
      return { ms, cpu: Number(child.resourceUsage()!.cpuTime.total) / 1e6 };
    } finally {
      closeSync(fd);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.daemon.stop();
  }
}
