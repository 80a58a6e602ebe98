import type { Config, TaskIOErrorCode } from "@taskio/core";

/** The hidden first argument that makes this program the hub of a task. */
export const hubArgument = "__hub";

/** How a hub writes the log of its task, as @taskio/logs names it. */
export const logFormatName = "cri";

/** Of which task: the first line that a hub reads. */
export interface HubSpec {
  /** The runtime's socket. */
  readonly address: string;
  readonly namespace: string;
  readonly id: string;
  readonly config: Config;
  /** The newest file of its log; the folder is made. */
  readonly log: string;
}

/** What a hub says, once: whether it reads the task's output and serves viewers. */
export type HubStart =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly code: TaskIOErrorCode; readonly message: string };

/** What it may be told afterwards: there will be no task. The end of its stdin says that there is one. */
export const abandon = "abandon";
