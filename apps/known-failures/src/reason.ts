/** Why something failed, in one line. */
export function reason(error: unknown): string {
  if (error instanceof SuppressedError) return reason(error.suppressed); // so did what cleans up
  const [line = "", next = ""] = String(error instanceof Error ? error.message : error).split("\n");
  return line.endsWith(":") ? `${line} ${next.trim()}` : line;
}
