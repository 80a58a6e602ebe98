/** Shell that waits until there is a file: for two minutes at most, where the test fails before. */
export function untilFile(path: string): string {
  return `n=0; until [ -e ${path} ] || [ $((n+=1)) -gt 2400 ]; do sleep 0.05; done`;
}
