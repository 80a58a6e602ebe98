import type { TaskIOError } from "@taskio/core";
import { invalid } from "../cli/invalid.ts";

/** The error for an option that the embedded runtime has no use for. */
export function needsContainerd(option: string): TaskIOError {
  return invalid(
    `--${option} needs containerd: name its socket with --address or $CONTAINERD_ADDRESS, ` +
      "the embedded runtime runs plain processes of this system",
  );
}
