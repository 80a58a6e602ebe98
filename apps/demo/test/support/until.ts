/** Waits until something is so, for half a minute at most. */
export async function until(
  so: () => boolean | Promise<boolean>,
  what = String(so),
): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await so())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await Bun.sleep(20);
  }
}
