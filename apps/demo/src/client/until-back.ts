import { TaskIOError } from "@taskio/core";
import { commandLine } from "../cli/command-line.ts";
import { messageOf } from "../cli/report-error.ts";
import type { Runtime } from "./open-runtime.ts";

/** How long a runtime that went away may take to come back, in ms. */
const patience = 10_000;
const firstPause = 50;
const longestPause = 250;

/**
 * Makes a call about a task, again where the runtime goes away under it: tasks outlive their runtime, so
 * a restart of it changes nothing for who follows one. The embedded runtime is started again; another
 * one is waited for. One that is there and does not answer has been waited for already.
 *
 * @throws TaskIOError `UNAVAILABLE` when it does not come back; what the signal was aborted with
 */
export async function untilBack<T>(
  runtime: Runtime,
  call: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let lost: TaskIOError | undefined;
  let end = 0;
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const begin = performance.now();
    try {
      return await call();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (isSilent(error)) throw withHint(error, runtime);
      const now = performance.now();
      if (!lost || now - begin > patience) {
        lost = error; // it was there for a while
        end = now + patience;
        pause = firstPause;
      }
      if (now > end) throw gone(runtime, lost, `and did not come back in ${patience / 1000} s`);
    }
    await Bun.sleep(pause);
    signal?.throwIfAborted();
    await runtime.revive().catch((error) => {
      throw gone(runtime, lost!, messageOf(error));
    });
  }
}

/** Whether nothing says if a call was carried out: its runtime went away, or does not answer. */
export function isUnavailable(error: unknown): error is TaskIOError {
  return error instanceof TaskIOError && error.code === "UNAVAILABLE";
}

/** Whether a runtime takes connections or calls, and says nothing. */
export function isSilent(error: unknown): boolean {
  return isUnavailable(error) && error.errno === "ETIMEDOUT";
}

/** An error of the runtime's, for who has to look after a task that may be there. */
export function withHint(error: TaskIOError, { options }: Runtime, more = ""): TaskIOError {
  const message = `${error.message}${more}: the task may go on, see ${commandLine(options)("ls")}`;
  return new TaskIOError(error.code, message, {
    ...(error.errno && { errno: error.errno }),
    cause: error,
  });
}

function gone(runtime: Runtime, lost: TaskIOError, why: string): TaskIOError {
  return withHint(lost, runtime, `, ${why}`);
}
