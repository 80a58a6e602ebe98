/** Whether a promise has not settled within `ms`. */
export function isPending(promise: Promise<unknown>, ms = 20): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, Bun.sleep(ms).then(() => true)]);
}
