/** Throws unless `condition` holds: the demo is a test of what it tells. */
export function check(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
