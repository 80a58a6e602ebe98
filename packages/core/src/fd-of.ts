/** The largest number that an fd can have. */
const largest = 0x7fffffff;

/** The fd that a source or sink names, or undefined where it is something else. */
export function fdOf(stream: unknown): number | undefined {
  const fd = typeof stream === "number" ? stream : (stream as { fd?: unknown } | null)?.fd;
  return typeof fd === "number" && Number.isInteger(fd) && fd >= 0 && fd <= largest
    ? fd
    : undefined;
}
