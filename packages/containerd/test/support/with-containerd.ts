import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { type Opt, type Sink, type Source, withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { kickWriters } from "@taskio/fifo/reactor";
import { type Daemon, missingContainerd, startContainerd } from "@taskio/test-support";
import { type Client, connect, type Task } from "../../src/index.ts";
import { container } from "./spec.ts";

/** What the tests of a group work with. */
export interface Setup {
  readonly daemon: Daemon;
  readonly client: Client;
  /** A client of its own, as another program would have. */
  connect(): Promise<Client>;
  /** Makes a container with a name of its own, and gives that. */
  newContainer(args: readonly string[], terminal?: boolean): Promise<string>;
  /** Makes a container and its task. */
  newTask(args: readonly string[], ...streams: Parameters<Setup["streams"]>): Promise<Task>;
  streams(
    stdin?: Source,
    stdout?: Sink,
    stderr?: Sink,
    ...opts: Opt[]
  ): ReturnType<typeof newCreator>;
  /** The FIFO folders that are there. */
  fifoFolders(): string[];
}

/**
 * A group of tests with a real containerd, started for them; skipped where there is none. After each
 * test no task, no FIFO folder and no fd may be left.
 */
export function describeWithContainerd(name: string, tests: (setup: Setup) => void): void {
  const missing = missingContainerd();
  const group = missing ? `${name} (skipped: ${missing})` : name;
  describe.skipIf(missing !== undefined)(group, () => {
    const setup = new ContainerdSetup();
    beforeAll(() => setup.start());
    afterAll(() => setup.stop());
    let fds = 0;
    beforeEach(() => {
      fds = openFds();
    });
    afterEach(async () => {
      expect((await setup.client.tasks.list()).map(({ id }) => id)).toEqual([]);
      expect(setup.fifoFolders()).toEqual([]);
      for (let i = 0; i < 100 && openFds() > fds; i++) await Bun.sleep(20);
      expect(openFds()).toBeLessThanOrEqual(fds);
    });
    tests(setup);
  });
}

function openFds(): number {
  return readdirSync("/proc/self/fd").length;
}

const namespace = `taskio-test-${process.pid}`; // cgroups are named after it, and are the machine's
let count = 0;

class ContainerdSetup implements Setup {
  daemon!: Daemon;
  client!: Client;

  async start(): Promise<void> {
    this.daemon = await startContainerd();
    this.client = await this.connect();
    await using task = await this.newTask(["true"], undefined, () => {});
    await task.start(); // the engine of FIFOs, and the connection, stay open from now on
    await task.wait();
  }

  async stop(): Promise<void> {
    await this.client?.[Symbol.asyncDispose]();
    await this.daemon?.stop();
  }

  connect(): Promise<Client> {
    const { address } = this.daemon;
    return connect({ address, namespace, streamsOpened: kickWriters });
  }

  async newContainer(args: readonly string[], terminal = false): Promise<string> {
    const id = `t${process.pid}-${++count}`;
    await this.client.containers.create(container(this.daemon, id, args, terminal));
    return id;
  }

  async newTask(args: readonly string[], ...streams: Parameters<Setup["streams"]>): Promise<Task> {
    const creator = this.streams(...streams);
    return this.client.createTask(await this.newContainer(args), { creator });
  }

  streams(stdin?: Source, stdout?: Sink, stderr?: Sink, ...opts: Opt[]) {
    const { fifoDir } = this.daemon;
    return newCreator(withStreams(stdin, stdout, stderr), withFIFODir(fifoDir), ...opts);
  }

  fifoFolders(): string[] {
    const { fifoDir } = this.daemon;
    return existsSync(fifoDir) ? readdirSync(fifoDir) : [];
  }
}
