import { TaskIOError } from "@taskio/core";
import { FIFOHandle } from "./fifo-handle.ts";

/**
 * Looks up a FIFO that a task's Config names.
 *
 * @throws TaskIOError `NOT_ATTACHABLE` for a URI (log file, logger, streaming), which has no FIFO;
 * `NOT_FOUND`, `NOT_FIFO`, `PERMISSION`, `UNAVAILABLE`
 */
export function taskFIFO(path: string): FIFOHandle {
  const scheme = /^([^/]*):\/\//.exec(path)?.[1];
  if (scheme === undefined) return new FIFOHandle(path);
  throw new TaskIOError(
    "NOT_ATTACHABLE",
    `"${path}" is a ${scheme}:// stream: only FIFOs can be attached to`,
    { path },
  );
}
