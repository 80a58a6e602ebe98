import { TaskIOError } from "@taskio/core";

/** The error of a stream whose IO was cancelled, detached or closed. */
export function stopped(path: string): TaskIOError {
  return new TaskIOError(
    "STOPPED",
    `the stream of "${path}" was stopped by cancel, detach or close: attach again to go on`,
    { path },
  );
}
