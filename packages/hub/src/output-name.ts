/** An output of a task. */
export type OutputName = "stdout" | "stderr";

/** All of them. */
export const outputNames: readonly OutputName[] = ["stdout", "stderr"];
