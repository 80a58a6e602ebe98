/** How long something may take that must settle at all, in ms: generous, to tell slow from stuck. */
export const patience = 10_000;

/** Settles as `promise` does; rejects when that takes longer than `ms`. */
export async function within<T>(what: string, promise: Promise<T>, ms = patience): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} did not settle within ${ms} ms`)), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `condition` holds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + patience; !condition(); await Bun.sleep(1)) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patience} ms`);
  }
}

/** Throws when `promise` settles within the next 50 ms. */
export async function expectPending(what: string, promise: Promise<unknown>): Promise<void> {
  let settled = false;
  const settle = () => void (settled = true);
  promise.then(settle, settle);
  await Bun.sleep(50);
  if (settled) throw new Error(`${what} settled too early`);
}

/** Waits until `value` has not changed for 200 ms, and gives it. */
export async function settledValue(value: () => number): Promise<number> {
  let last = value();
  for (let since = performance.now(); performance.now() - since < 200; await Bun.sleep(5)) {
    const now = value();
    if (now !== last) [last, since] = [now, performance.now()];
  }
  return last;
}
