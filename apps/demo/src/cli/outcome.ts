/** What `taskio` exits with where it isn't the task's own exit code. */
export const exitCodes = {
  /** `taskio` itself failed. */
  failed: 125,
  notExecutable: 126,
  notFound: 127,
  /** As a shell says of a program that SIGPIPE ended. */
  outputClosed: 128 + 13,
} as const;

/** Nobody reads what is printed any more. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}
