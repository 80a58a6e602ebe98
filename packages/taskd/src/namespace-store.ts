import { Code, ConnectError } from "@connectrpc/connect";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { ContainerStore } from "./container-store.ts";
import { listFolders } from "./state/list-folders.ts";
import { removeEmptyFolders } from "./state/remove-empty-folders.ts";
import { readState, writeState } from "./state/write-state.ts";

type Labels = Readonly<Record<string, string>>;

/** The namespaces that were made, and those that are there because a container is in them. */
export class NamespaceStore {
  readonly #containers: ContainerStore;
  readonly #state: string;
  readonly #labels = new Map<string, Labels>();

  constructor(state: string, containers: ContainerStore) {
    this.#state = state;
    this.#containers = containers;
  }

  /** Reads what an earlier runtime left. */
  load(report: (error: unknown) => void): void {
    for (const name of listFolders(this.#state)) {
      try {
        const record = readState(this.#file(name)) as { labels: Labels } | undefined;
        if (record) this.#labels.set(name, record.labels);
      } catch (error) {
        report(error);
      }
    }
  }

  list(): string[] {
    return [...new Set([...this.#labels.keys(), ...this.#containers.namespaces()])].sort();
  }

  labels(name: string): Labels {
    if (this.list().includes(name)) return this.#labels.get(name) ?? {};
    throw new ConnectError(`namespace "${name}" not found`, Code.NotFound);
  }

  create(name: string, labels: Labels): void {
    if (this.list().includes(name)) {
      throw new ConnectError(`namespace "${name}" already exists`, Code.AlreadyExists);
    }
    this.set(name, labels);
  }

  set(name: string, labels: Labels): void {
    writeState(this.#file(name), { version: 1, labels });
    this.#labels.set(name, labels);
  }

  delete(name: string): void {
    this.labels(name);
    if (this.#containers.list(name).length > 0) {
      throw new ConnectError(
        `namespace "${name}" must be empty, but it has containers`,
        Code.FailedPrecondition,
      );
    }
    this.#labels.delete(name);
    rmSync(join(this.#state, name), { recursive: true, force: true });
    removeEmptyFolders(this.#state, this.#state);
  }

  #file(name: string): string {
    return join(this.#state, name, "namespace.json");
  }
}
