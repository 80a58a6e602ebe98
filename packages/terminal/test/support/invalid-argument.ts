import { expect } from "bun:test";

/** Matches a TaskIOError `INVALID_ARGUMENT` whose message has `part`. */
export function invalidArgument(part: string): unknown {
  return expect.objectContaining({
    name: "TaskIOError",
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining(part),
  });
}
