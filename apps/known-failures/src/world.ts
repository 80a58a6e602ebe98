import { connect, type Client, type OCISpec, type Task } from "@taskio/containerd";
import { OptionsSchema, packAny } from "@taskio/containerd/proto";
import type { Creator, Opt, Sink, Source } from "@taskio/core";
import { withFIFODir, withStreams, withTerminal } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { kickWriters } from "@taskio/fifo/reactor";
import { compileProgram, type Daemon, startContainerd, watchOnce } from "@taskio/test-support";
import { expectNoLeaks, type Resources, snapshotResources } from "@taskio/testkit";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endRuntime } from "./end-runtime.ts";
import { Program } from "./program.ts";

/** Cgroups are the machine's: another run at the same time must not use the same. */
const namespace = `known-failures-${process.pid}`;
let count = 0;

/** What the rows have: a containerd of their own, an embedded runtime, both clients. */
export class World implements AsyncDisposable {
  /** Whether the counts are those of the reports, not cut. */
  readonly full: boolean;
  readonly daemon: Daemon;
  readonly client: Client;
  /** The command, on this containerd. */
  readonly taskio: Program;
  /** The command, on an embedded runtime of its own. */
  readonly embedded: Program;
  /** containerd's own client. */
  readonly ctr: Program;
  readonly #dir: string;
  #logDriver: Promise<string> | undefined;

  private constructor(full: boolean, daemon: Daemon, client: Client) {
    this.full = full;
    this.daemon = daemon;
    this.client = client;
    this.#dir = mkdtempSync(join(tmpdir(), "taskio-known-failures-"));
    const { CONTAINERD_ADDRESS: _, CONTAINERD_NAMESPACE: __, ...env } = process.env;
    const main = Bun.resolveSync("@taskio/demo/src/main.ts", import.meta.dir);
    const command = [process.execPath, main];
    const own = { ...env, TASKIO_RUNTIME_DIR: this.#dir, TERM: "xterm", NO_COLOR: "1" };
    const there = { CONTAINERD_ADDRESS: daemon.address, CONTAINERD_NAMESPACE: namespace };
    this.taskio = new Program(command, { ...own, ...there });
    this.embedded = new Program(command, own);
    this.ctr = new Program(daemon.ctrCommand, { ...env, ...there, TERM: "xterm" });
  }

  static async start({ full = false } = {}): Promise<World> {
    const daemon = await startContainerd();
    try {
      const { address } = daemon;
      const client = await connect({ address, namespace, streamsOpened: kickWriters });
      const world = new World(full, daemon, client);
      await using task = await world.newTask(["true"], [undefined, () => {}]);
      await task.start(); // the engine of FIFOs, and the connection, stay open from now on
      await task.wait();
      watchOnce();
      return world;
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  /** How often a row goes through it: as in the report, or cut. */
  times(full: number, cut: number): number {
    return this.full ? full : cut;
  }

  /** The path of the log driver, compiled at the first call. */
  logDriver(): Promise<string> {
    return (this.#logDriver ??= this.#compileLogDriver());
  }

  /** A container that runs a command of busybox, under a name of its own. */
  async newContainer(args: readonly string[], { terminal = false } = {}): Promise<string> {
    const id = `kf${++count}`;
    await this.client.containers.create({
      id,
      spec: this.#spec(id, args, terminal),
      runtimeOptions: packAny(OptionsSchema, { root: this.daemon.runcRoot }),
    });
    return id;
  }

  /** A container and its task, on FIFOs with these ends; disposing it removes all. */
  async newTask(
    args: readonly string[],
    ends: Ends = [],
    { terminal = false }: { terminal?: boolean } = {},
  ): Promise<Task> {
    const creator = this.creator(ends, ...(terminal ? [withTerminal] : []));
    return this.client.createTask(await this.newContainer(args, { terminal }), { creator });
  }

  /** FIFOs in this world's folder. */
  creator(ends: Ends, ...opts: Opt[]): Creator {
    return newCreator(withStreams(...ends), withFIFODir(this.daemon.fifoDir), ...opts);
  }

  /** The process of an exec that runs a command of busybox. */
  process(args: readonly string[], { terminal = false } = {}) {
    return { args, terminal, cwd: "/", env: ["PATH=/bin"], user: { uid: 0, gid: 0 } };
  }

  /** What this process has open now, and the FIFO folders that are there. */
  resources(): Resources {
    return snapshotResources({ folders: [this.daemon.fifoDir] });
  }

  /** @throws where a task, a fd, a thread or a FIFO folder is left over */
  async expectBackTo(before: Resources): Promise<void> {
    const tasks = await this.client.tasks.list();
    if (tasks.length > 0)
      throw new Error(`tasks are left: ${tasks.map(({ id }) => id).join(", ")}`);
    await expectNoLeaks(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.daemon.stop();
    await endRuntime(this.embedded);
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #compileLogDriver(): Promise<string> {
    const program = join(this.#dir, "log-driver");
    await compileProgram(join(import.meta.dir, "log-driver.ts"), program);
    return program;
  }

  #spec(id: string, args: readonly string[], terminal: boolean): OCISpec {
    const pty = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
    return {
      ociVersion: "1.0.2",
      process: this.process(args, { terminal }),
      root: { path: this.daemon.rootfs },
      mounts: [
        { destination: "/proc", type: "proc", source: "proc" },
        { destination: "/dev", type: "tmpfs", source: "tmpfs" },
        { destination: "/dev/pts", type: "devpts", source: "devpts", options: pty },
      ],
      linux: {
        namespaces: ["pid", "mount", "ipc", "uts"].map((type) => ({ type })),
        cgroupsPath: `/${namespace}/${id}`,
      },
    };
  }
}

/** The ends of a task's streams. */
export type Ends = [stdin?: Source, stdout?: Sink, stderr?: Sink];
