/** How long to wait. */
export interface UntilOptions {
  /** @default 30000 */
  readonly ms?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Waits until something is so. */
export async function until(
  so: () => unknown,
  what = String(so),
  { ms = 30_000, signal }: UntilOptions = {},
): Promise<void> {
  const deadline = performance.now() + ms;
  for (;;) {
    signal?.throwIfAborted();
    if (await so()) return;
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await Bun.sleep(10);
  }
}
