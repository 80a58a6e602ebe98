import type { StreamResult, TaskIOError } from "@taskio/core";

/** The result of a copy between fds: what the kernel accepted is confirmed. */
export function fdResult(
  bytes: number,
  end: "eof" | "stopped" | TaskIOError,
  discarded = 0,
): StreamResult {
  const counts = { bytes, discarded, unacknowledged: 0 };
  return typeof end === "string" ? { ...counts, end } : { ...counts, end: "failed", error: end };
}
