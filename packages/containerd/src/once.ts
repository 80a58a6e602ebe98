/** A function that runs `run` once for all its calls, and again only after it has failed. */
export function once<T, A extends unknown[]>(
  run: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let result: Promise<T> | undefined;
  return (...args) => {
    if (result) return result;
    const running = run(...args);
    result = running;
    running.catch(() => {
      result = undefined;
    });
    return running;
  };
}
