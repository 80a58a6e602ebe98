/** Whether an error says that the task is gone. */
export function isGone(error: unknown): boolean {
  return (error as { code?: unknown } | null | undefined)?.code === "NOT_FOUND";
}

/** What becomes of an error that the program does not ask for. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
