import type { Process } from "@taskio/containerd";
import type { TaskIOError } from "@taskio/core";

/** What is asked of a process to follow it: one whose streams are ours, or that has a hub. */
export interface Followed extends Pick<
  Process,
  "id" | "io" | "wait" | "kill" | "resize" | "closeIO" | "drain" | "detach"
> {
  /** Whether more of its output is to come, though it has ended; by its FIFOs where that is not told. */
  hasUnread?(): boolean;
  /** Resolves when its streams are lost, and it goes on. */
  readonly lost?: Promise<TaskIOError>;
}
