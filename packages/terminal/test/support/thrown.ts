import { expect } from "bun:test";

/** What `run` throws, or undefined. */
export function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
}

/** Matches a TaskIOError `INVALID_ARGUMENT` whose message has `part`. */
export function invalidArgument(part: string): unknown {
  return expect.objectContaining({
    name: "TaskIOError",
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining(part),
  });
}
