import type { Config } from "@taskio/core";
import type { ProcessSpec, Size } from "./process-spec.ts";

/** `starting` is written just before a process is made: whether it was is unknown when it's found. */
export type ProcessStatus = "created" | "starting" | "running" | "stopped";

/** What is known of a process, as it is kept on disk. */
export interface ProcessRecord {
  /** The container's id for an init process, else the exec's. */
  readonly id: string;
  readonly config: Config;
  readonly spec: ProcessSpec;
  readonly status: ProcessStatus;
  /** 0 before the start. */
  readonly pid: number;
  /** Tells the process from a later one with its pid. */
  readonly identity?: string;
  /** The session that it began was seen to be empty: whoever has its number later is another's. */
  readonly sessionGone?: true;
  readonly size?: Size;
  readonly stdinClosed: boolean;
  readonly exitStatus: number;
  /** ISO 8601. */
  readonly exitedAt?: string;
}

export function newProcessRecord(id: string, config: Config, spec: ProcessSpec): ProcessRecord {
  const { size } = spec;
  return {
    id,
    config,
    spec,
    status: "created",
    pid: 0,
    ...(size && { size }),
    stdinClosed: false,
    exitStatus: 0,
  };
}
