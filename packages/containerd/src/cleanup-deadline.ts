/** How long the server may take to remove what a failed call has left, in ms. */
const limit = 10_000;

/** One signal for all that a call has to remove: it aborts so long after it was first asked for. */
export function cleanupDeadline(): () => AbortSignal {
  let deadline: AbortSignal | undefined;
  return () => (deadline ??= AbortSignal.timeout(limit));
}
