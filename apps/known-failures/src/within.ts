/**
 * Does something that is not to hang.
 *
 * @throws Error that says what hung
 */
export async function within<T>(
  ms: number,
  what: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  try {
    return await run(signal);
  } catch (error) {
    throw signal.aborted ? new Error(`${what} hung for ${ms} ms`, { cause: error }) : error;
  }
}
