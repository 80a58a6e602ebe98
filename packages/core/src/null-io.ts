import type { Creator } from "./creator.ts";
import { newIO } from "./new-io.ts";
import { validateID } from "./validate-id.ts";

/**
 * Sends a task's output to `/dev/null` and gives it no stdin: a Creator whose Config is empty. Go:
 * `cio.NullIO`. The runc shim turns the empty Config of a task without a terminal into `/dev/null`.
 *
 * @throws TaskIOError `INVALID_ID`
 *
 * @example
 * ```ts
 * import { nullIO } from "@taskio/core";
 *
 * await using io = await nullIO("task-1");
 * console.log(io.config.stdout === ""); // true
 * ```
 */
export const nullIO: Creator = async (id, { signal } = {}) => {
  signal?.throwIfAborted();
  validateID(id);
  return newIO({ config: { terminal: false, stdin: "", stdout: "", stderr: "" } });
};
