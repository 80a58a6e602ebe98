/** Waits until something holds, at most for so long. */
export async function until(holds: () => unknown, what: string, timeout = 10_000): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await Bun.sleep(10);
  }
}
