/** The `TERM` of a process on a terminal that is shown on ours. */
export function terminalType(
  ours: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return `TERM=${ours.TERM || "xterm"}`;
}
