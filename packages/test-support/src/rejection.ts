/**
 * What a promise rejects with. `expect(promise).rejects` runs the event loop inside of the matcher,
 * where microtasks wait and an HTTP/2 stream closes before it was read.
 */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in settled) return settled.error;
  throw new Error(`resolved with ${Bun.inspect(settled.value)}`);
}
