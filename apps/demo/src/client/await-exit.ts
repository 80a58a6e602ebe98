import type { Process } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { tell } from "../cli/print.ts";
import { isNotFound } from "./is-not-found.ts";
import type { Runtime } from "./open-runtime.ts";
import { untilBack } from "./until-back.ts";

/** What the embedded runtime says of a process that it finds ended, or that another one started. */
const unknown = 255;

/** How a process has ended. */
export interface Exit {
  readonly exitCode: number;
  /** Whether that is known, and not just put in its place: nobody saw the end. */
  readonly known: boolean;
}

/**
 * Waits for the end of a process, through restarts of its runtime.
 *
 * @throws TaskIOError `NOT_FOUND` when it is gone, `UNAVAILABLE` when its runtime is, and stays so
 */
export async function awaitExit(
  runtime: Runtime,
  process: Pick<Process, "id" | "wait">,
  signal?: AbortSignal,
): Promise<Exit> {
  try {
    const { exitCode } = await untilBack(runtime, () => process.wait({ signal }), signal);
    const known = exitCode !== unknown || !runtime.embedded || !runtime.wasAway;
    return { exitCode, known };
  } catch (error) {
    throw isNotFound(error) || lostItsShim(error) ? gone(process, error) : error;
  }
}

/** Says so where the exit code is not the process's own. */
export function tellUnknown(process: Pick<Process, "id">, { exitCode, known }: Exit): void {
  if (known) return;
  tell(
    `how "${process.id}" ended is not known, ${exitCode} stands for that: ` +
      "the embedded runtime was started anew while it ran",
  );
}

/** In the words of the protocol between containerd and the shim, which held the process. */
function lostItsShim(error: unknown): boolean {
  return error instanceof TaskIOError && /\bttrpc: closed\b/.test(error.message);
}

function gone({ id }: Pick<Process, "id">, cause: unknown): TaskIOError {
  const message = `"${id}" is gone, it was removed or lost: how it ended is not known`;
  return new TaskIOError("NOT_FOUND", message, { cause });
}
