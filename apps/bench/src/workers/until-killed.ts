/** What a worker does when the rest is up to others. */
export function untilKilled(): Promise<void> {
  return Bun.sleep(60_000);
}
