/** @throws Error where another number of bytes came than was written */
export function expectBytes(expected: number, actual: number): void {
  if (actual !== expected) throw new Error(`${actual} bytes arrived of ${expected}`);
}
