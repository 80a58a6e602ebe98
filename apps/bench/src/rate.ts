/** MB/s. */
export function rate(bytes: number, seconds: number): number {
  return bytes / 1e6 / seconds;
}
