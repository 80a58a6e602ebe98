import { TaskIOError } from "@taskio/core";

/** Whether an error says that something is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "NOT_FOUND";
}
