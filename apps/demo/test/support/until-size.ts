/** Shell that waits until its terminal has a size, as `stty size` has it, and prints that on a line. */
export function untilSize(size: string): string {
  return `until s=$(stty size); [ "$s" = "${size}" ]; do sleep 0.05; done; echo "$s"`;
}
