import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Container, ContainerSchema } from "@taskio/containerd/proto";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { listFolders } from "./state/list-folders.ts";
import { removeEmptyFolders } from "./state/remove-empty-folders.ts";
import { readState, writeState } from "./state/write-state.ts";

/** What is read first of a container's file; the message itself keeps what this runtime ignores. */
interface ContainerRecord {
  readonly version: 1;
  readonly id: string;
  /** The protobuf message in base64. */
  readonly container: string;
}

/** The containers of all namespaces, each in a folder of its own. */
export class ContainerStore {
  readonly #state: string;
  readonly #namespaces = new Map<string, Map<string, Container>>();

  /** @param state the folder of all state */
  constructor(state: string) {
    this.#state = state;
  }

  /** Reads what an earlier runtime left. */
  load(report: (error: unknown) => void): void {
    for (const namespace of listFolders(this.#state)) {
      for (const id of listFolders(join(this.#state, namespace, "containers"))) {
        try {
          const record = readState(this.#file(namespace, id)) as ContainerRecord | undefined;
          if (!record) continue;
          const bytes = Buffer.from(record.container, "base64");
          this.#of(namespace).set(id, fromBinary(ContainerSchema, bytes));
        } catch (error) {
          report(error);
        }
      }
    }
  }

  get(namespace: string, id: string): Container | undefined {
    return this.#namespaces.get(namespace)?.get(id);
  }

  list(namespace: string): Container[] {
    return [...(this.#namespaces.get(namespace)?.values() ?? [])];
  }

  /** The namespaces that have a container. */
  namespaces(): string[] {
    return [...this.#namespaces].filter(([, all]) => all.size > 0).map(([name]) => name);
  }

  set(namespace: string, container: Container): void {
    const { id } = container;
    const bytes = Buffer.from(toBinary(ContainerSchema, container));
    const record: ContainerRecord = { version: 1, id, container: bytes.toString("base64") };
    writeState(this.#file(namespace, id), record);
    this.#of(namespace).set(id, container);
  }

  delete(namespace: string, id: string): void {
    this.#namespaces.get(namespace)?.delete(id);
    const folder = this.folder(namespace, id);
    rmSync(folder, { recursive: true, force: true });
    removeEmptyFolders(dirname(folder), this.#state);
  }

  folder(namespace: string, id: string): string {
    return join(this.#state, namespace, "containers", id);
  }

  #file(namespace: string, id: string): string {
    return join(this.folder(namespace, id), "container.json");
  }

  #of(namespace: string): Map<string, Container> {
    const found = this.#namespaces.get(namespace) ?? new Map<string, Container>();
    this.#namespaces.set(namespace, found);
    return found;
  }
}
