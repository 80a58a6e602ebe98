import { TaskIOError } from "@taskio/core";

/** The error for a command line that can't be carried out. */
export function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message);
}
