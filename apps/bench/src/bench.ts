import { Child } from "./child.ts";
import { buildC } from "./build.ts";
import { ContainerdClients } from "./containerd-clients.ts";
import { go } from "./peers/go.ts";
import { limit } from "./peers/limit.ts";
import { ours } from "./peers/ours.ts";
import type { Peer } from "./peers/peer.ts";

/** What rows are measured with. */
export class Bench implements AsyncDisposable {
  readonly quick: boolean;
  /** Those that could be built. */
  readonly peers: readonly Peer[];
  readonly #taskProgram: string;
  #clients: Promise<ContainerdClients> | undefined;

  private constructor(quick: boolean, peers: readonly Peer[], taskProgram: string) {
    this.quick = quick;
    this.peers = peers;
    this.#taskProgram = taskProgram;
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
      else note(`${name} can't be built, and has no figures: ${one.reason.message}`);
    }
    return new Bench(quick, peers, program.value);
  }

  /** Starts a task, or a user. */
  task(...args: readonly (string | number)[]): Child {
    return new Child(`task ${args[0]}`, [this.#taskProgram, ...args.map(String)]);
  }

  /** How much or often something is done: all of it, or as much as is quick. */
  size(full: number, quick: number): number {
    return this.quick ? quick : full;
  }

  /** The commands of both clients of a containerd, which is started at the first call. */
  clients(): Promise<ContainerdClients> {
    return (this.#clients ??= ContainerdClients.start());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const clients = await this.#clients?.catch(() => undefined);
    await clients?.[Symbol.asyncDispose]();
  }
}
