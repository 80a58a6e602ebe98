import { TaskIOError } from "@taskio/core";

/** A value that no spec takes. */
export function invalidArgument(message: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message);
}

/** Refuses a text that can't be an argument of a program, nor a path. */
export function checkText(text: string, what: string): void {
  if (typeof text === "string" && !text.includes("\0")) return;
  throw invalidArgument(`invalid ${what} ${JSON.stringify(text)}: give a string without NUL bytes`);
}

/** Refuses what is no absolute path. */
export function checkAbsolute(path: string, what: string): void {
  checkText(path, what);
  if (path.startsWith("/")) return;
  throw invalidArgument(`invalid ${what} ${JSON.stringify(path)}: give an absolute path`);
}
