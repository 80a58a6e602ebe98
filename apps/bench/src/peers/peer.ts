import { Child } from "../child.ts";

/** All sides, in the order of the table. */
export const peerNames = ["ours", "go", "limit"] as const;

/** A side: taskio, Go's own code, or the limit, which is a loop in C. */
export type PeerName = (typeof peerNames)[number];

/** A program that copies, and that is measured. */
export class Peer {
  readonly name: PeerName;
  readonly #command: readonly string[];

  constructor(name: PeerName, command: readonly string[]) {
    this.name = name;
    this.#command = command;
  }

  /** Starts it with a command that all peers have. */
  start(...args: readonly (string | number)[]): Child {
    return new Child(this.name, [...this.#command, ...args.map(String)]);
  }
}
