import type { Config } from "@taskio/core";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { type Process, Status } from "./gen/containerd/types/task/task_pb.ts";

const states = {
  [Status.UNKNOWN]: "unknown",
  [Status.CREATED]: "created",
  [Status.RUNNING]: "running",
  [Status.STOPPED]: "stopped",
  [Status.PAUSED]: "paused",
  [Status.PAUSING]: "pausing",
} as const;

/** What the runtime says of a process. */
export interface ProcessStatus {
  readonly containerId: string;
  /** The container's id for an init process, else the exec's id. */
  readonly id: string;
  /** 0 where there is none (yet). */
  readonly pid: number;
  /** `unknown`: the runtime can't tell, as when the shim is gone. */
  readonly state: "unknown" | "created" | "running" | "stopped" | "paused" | "pausing";
  /** The streams, as they were given when the process was made. */
  readonly config: Config;
  /** How it ended, where it is stopped. */
  readonly exit?: ExitStatus;
}

/** From containerd's message, which doesn't name the container of an init process. */
export function processStatus(process: Process): ProcessStatus {
  const { id, pid, terminal, stdin, stdout, stderr } = process;
  const state = states[process.status] ?? "unknown";
  return {
    containerId: process.containerId || id,
    id,
    pid,
    state,
    config: Object.freeze({ terminal, stdin, stdout, stderr }),
    ...(state === "stopped" && { exit: exitStatus(process) }),
  };
}
