/** An option of every call that waits. */
export interface Cancellable {
  /** Ends the wait: the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
