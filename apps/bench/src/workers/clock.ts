/** Since 1970, in ms: a clock that all processes have. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
