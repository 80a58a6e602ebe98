import { type Daemon, startContainerd } from "@taskio/test-support";
import { newId } from "./new-id.ts";
import type { Ran, TestedRuntime } from "./tested-runtime.ts";

/** A real containerd, by `ctr`. */
export class ContainerdRuntime implements TestedRuntime {
  readonly namespace = `taskio-driver-${process.pid}`; // cgroups are named after it
  readonly #daemon: Daemon;

  private constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  static async start(): Promise<TestedRuntime> {
    return new ContainerdRuntime(await startContainerd());
  }

  get hasV2(): boolean {
    return Bun.semver.satisfies(this.#daemon.version, ">=2.3.0");
  }

  get rootfs(): string {
    return this.#daemon.rootfs;
  }

  run(uri: string, script: string): Promise<Ran> {
    const id = newId();
    return this.#ran(id, "run", "--rm", ...this.#container(uri), id, "/bin/sh", "-c", script);
  }

  async exec(uri: string, script: string): Promise<Ran> {
    const [container, id] = [newId(), newId()];
    const { stderr, exitCode } = await this.#ctr(
      ...["run", "--detach", ...this.#container("file:///dev/null"), container, "/bin/sleep", "60"],
    );
    if (exitCode !== 0) throw new Error(stderr);
    try {
      const options = ["--exec-id", id, "--log-uri", uri];
      return await this.#ran(
        id,
        ...["task", "exec", ...options, container, "/bin/sh", "-c", script],
      );
    } finally {
      await this.#ctr("task", "delete", "--force", container);
      await this.#ctr("container", "delete", container);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#daemon.stop();
  }

  #container(uri: string): string[] {
    const { rootfs, runcRoot } = this.#daemon;
    const options = ["--runc-root", runcRoot, "--env", "PATH=/bin", "--log-uri", uri];
    return [...options, "--rootfs", rootfs];
  }

  #ctr(...args: string[]) {
    return this.#daemon.ctr("--namespace", this.namespace, ...args);
  }

  async #ran(id: string, ...args: string[]): Promise<Ran> {
    const { exitCode, stderr } = await this.#ctr(...args);
    return { id, exitCode, error: stderr };
  }
}
