import { accessSync, constants } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { FIFOHandle } from "./fifo-handle.ts";

/**
 * Looks up a FIFO that a task's Config names, and sees whether it may be opened. Does not open it: a
 * writer that waits for its reader goes on waiting.
 *
 * @throws TaskIOError `NOT_ATTACHABLE` for a URI (log file, logger, streaming), which has no FIFO;
 * `NOT_FOUND`, `NOT_FIFO`, `PERMISSION`, `UNAVAILABLE`
 */
export function taskFIFO(path: string, way?: "read" | "write"): FIFOHandle {
  const scheme = /^([^/]*):\/\//.exec(path)?.[1];
  if (scheme !== undefined) {
    throw new TaskIOError(
      "NOT_ATTACHABLE",
      `"${path}" is a ${scheme}:// stream: only FIFOs can be attached to`,
      { path },
    );
  }
  const handle = new FIFOHandle(path);
  if (way) checkAccess(handle, way);
  return handle;
}

function checkAccess(handle: FIFOHandle, way: "read" | "write"): void {
  try {
    accessSync(`/proc/self/fd/${handle.fd}`, way === "read" ? constants.R_OK : constants.W_OK);
  } catch (error) {
    handle.close();
    throw TaskIOError.from(error, "PERMISSION", `${way} the FIFO "${handle.path}"`);
  }
}
