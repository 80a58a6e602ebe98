import { TaskIOError } from "@taskio/core";

/** Throws `INVALID_ARGUMENT` unless `text` is a string that UTF-8 can hold. */
export function checkText(text: unknown, name: string): asserts text is string {
  if (typeof text !== "string") {
    throw new TaskIOError("INVALID_ARGUMENT", `${name} is of type ${typeof text}: give a string`);
  }
  if (text.isWellFormed()) return;
  // replacing it with U+FFFD would name another file than the one asked for
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `${name} ${JSON.stringify(text)} has half of a surrogate pair, which UTF-8 cannot hold: ` +
      "remove it, or decode the text from UTF-8 anew",
  );
}

/** Throws `INVALID_ARGUMENT` when there is a NUL in `text`: it would end a C string. */
export function checkNoNUL(text: string, name: string): void {
  if (!text.includes("\0")) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `${name} ${JSON.stringify(text)} has a NUL byte, which the kernel does not take: remove it`,
  );
}
