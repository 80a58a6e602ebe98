/** The longest time of a timer, in ms. */
const longest = 2 ** 31 - 1;

/** Whether `promise` settles within `ms`; rejects as it does. `Infinity` waits for ever. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<false>((resolve) => {
    if (!(ms > longest)) timer = setTimeout(() => resolve(false), Math.max(ms, 0));
  });
  try {
    return await Promise.race([promise.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
