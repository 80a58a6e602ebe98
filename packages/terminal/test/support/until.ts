/** Waits until `condition` holds; fails after 20 s, telling what it waited for. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited 20 s until ${what}`);
    await Bun.sleep(1);
  }
}
