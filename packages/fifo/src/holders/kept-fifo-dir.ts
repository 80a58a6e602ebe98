import type { FIFODir } from "./fifo-dir.ts";

/** A folder of FIFOs that is not removed, and why. */
export interface KeptFIFODir extends FIFODir {
  /** Such as `process 12 has "/run/containerd/fifo/123/task-1-stdout" open`. */
  readonly reason: string;
}
