/** What is remembered of a task in labels of its container. */
export const labels = {
  /** Whether whoever sees its end removes it, as `run --rm` asked. */
  autoRemove: "taskio.auto-remove",
  /** Whether its stdin ends with that of the first client, as docker's StdinOnce. */
  stdinOnce: "taskio.stdin-once",
  /** The file that was made for its output, to be removed with it. */
  log: "taskio.log",
} as const;

/** What others remember there. */
export const foreignLabels = {
  /** What nerdctl's user named the container, whose id is 64 hex digits. */
  nerdctlName: "nerdctl/name",
} as const;

/** The value of labels that are there or not. */
export const set = "true";
