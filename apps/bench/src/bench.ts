import { Child } from "./child.ts";
import { buildC } from "./build.ts";
import { ContainerdClients } from "./containerd-clients.ts";
import { interrupted } from "./interrupted.ts";
import { go } from "./peers/go.ts";
import { goLogs } from "./peers/go-logs.ts";
import { limit } from "./peers/limit.ts";
import { ours } from "./peers/ours.ts";
import type { Peer } from "./peers/peer.ts";

/** What rows are measured with. */
export class Bench implements AsyncDisposable {
  readonly quick: boolean;
  /** Those that could be built. */
  readonly peers: readonly Peer[];
  readonly #taskProgram: string;
  readonly #note: (text: string) => void;
  #clients: Promise<ContainerdClients> | undefined;
  #goLogs: Promise<Peer | undefined> | undefined;

  private constructor(
    quick: boolean,
    peers: readonly Peer[],
    taskProgram: string,
    note: (text: string) => void,
  ) {
    this.quick = quick;
    this.peers = peers;
    this.#taskProgram = taskProgram;
    this.#note = note;
  }

  /**
   * Builds all programs.
   *
   * @param note is told of a peer that can't be built
   * @throws Error where the program that plays the tasks can't be built
   */
  static async start(quick: boolean, note: (text: string) => void): Promise<Bench> {
    const named = { ours, go, limit };
    const [program, ...built] = await Promise.allSettled([
      buildC("task"),
      ...Object.values(named).map((build) => build()),
    ]);
    if (program.status === "rejected") {
      throw new Error(`the program that plays the tasks can't be built: ${program.reason.message}`);
    }
    const peers: Peer[] = [];
    for (const [at, name] of Object.keys(named).entries()) {
      const one = built[at]!;
      if (one.status === "fulfilled") peers.push(one.value);
      else note(unbuilt(name, one.reason));
    }
    return new Bench(quick, peers, program.value, note);
  }

  /** Starts a task, or a user. */
  task(...args: readonly (string | number)[]): Child {
    return new Child(`task ${args[0]}`, [this.#taskProgram, ...args.map(String)]);
  }

  /** How much or often something is done: all of it, or as much as is quick. */
  size(full: number, quick: number): number {
    return this.quick ? quick : full;
  }

  /** taskio, for what the others have nothing like. */
  get ours(): Peer {
    return this.peers.find(({ name }) => name === "ours")!; // there is nothing to build
  }

  /** Go's log writers, which are built at the first call; undefined where they can't be. */
  goLogs(): Promise<Peer | undefined> {
    return (this.#goLogs ??= this.#buildGoLogs());
  }

  /** The commands of both clients of a containerd, which is started at the first call. */
  clients(): Promise<ContainerdClients> {
    return (this.#clients ??= ContainerdClients.start());
  }

  async #buildGoLogs(): Promise<Peer | undefined> {
    try {
      return await goLogs();
    } catch (error) {
      interrupted.throwIfAborted();
      this.#note(unbuilt("go-logs", error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const clients = await this.#clients?.catch(() => undefined);
    await clients?.[Symbol.asyncDispose]();
  }
}

function unbuilt(name: string, reason: unknown): string {
  return `${name} can't be built, and has no figures: ${(reason as Error).message}`;
}
