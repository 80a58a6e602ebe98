/** What is remembered of a task in labels of its container. */
export const labels = {
  /** Whether whoever sees its end removes it, as `run --rm` asked. */
  autoRemove: "taskio.auto-remove",
  /** Whether its stdin ends with that of the first client, as docker's StdinOnce. */
  stdinOnce: "taskio.stdin-once",
  /** Whether its one client is a hub, which writes its log. */
  hub: "taskio.hub",
  /** The newest file of the log that was made for its output, to be removed with it. */
  log: "taskio.log",
  /** How that is written, as @taskio/logs names it; without it, byte for byte. */
  logFormat: "taskio.log-format",
} as const;

/** What others remember there. */
export const foreignLabels = {
  /** What nerdctl's user named the container, whose id is 64 hex digits. */
  nerdctlName: "nerdctl/name",
} as const;

/** The value of labels that are there or not. */
export const set = "true";
