/** As `Promise.all`, but a failure is thrown when all are over: nothing goes on behind a row's back. */
export async function allOver<const T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
