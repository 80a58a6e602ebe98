import type { LeftOut } from "./row.ts";

/** What is not tried here. */
export const leftOut: readonly LeftOut[] = [
  {
    number: 22,
    issues: ["n#3343", "n PR#3366", "m#13333"],
    failure: "a line of more than 64 KiB stops the log and the container",
    why: "about log files: not there yet",
  },
  {
    number: 23,
    issues: ["n#2903", "n#3199", "c#8872", "m#45728", "k8s#107943"],
    failure: "following a log stops when it is rotated",
    why: "about log files: not there yet",
  },
  {
    number: 34,
    issues: ["c#3351", "c#4830", "c PR#7868"],
    failure: "a log file grows without bound",
    why: "about log files: not there yet",
  },
];
