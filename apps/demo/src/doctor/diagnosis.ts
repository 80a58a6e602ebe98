import type { Census } from "./census.ts";
import type { Folders } from "./folders.ts";
import type { RuntimeFacts } from "./runtime-facts.ts";
import type { Streams } from "./streams.ts";

/** All that `taskio doctor` finds. */
export interface Diagnosis {
  readonly runtime: RuntimeFacts;
  readonly census: Census;
  readonly streams: Streams;
  readonly folders: Folders;
}

/** Whether nothing is found that somebody has to do something about. */
export function isHealthy({ runtime, streams, folders }: Diagnosis): boolean {
  const { abandoned, unknown, kept, closed } = folders;
  return (
    runtime.missing.length === 0 &&
    !streams.found.some(({ state }) => state === "blocked" || state === "lost") &&
    [abandoned, unknown, kept, closed].every((found) => found.length === 0)
  );
}
