import { type Census, lacksHub } from "./census.ts";
import type { Folders } from "./folders.ts";
import type { Logs } from "./logs.ts";
import type { RuntimeFacts } from "./runtime-facts.ts";
import type { Streams } from "./streams.ts";

/** All that `taskio doctor` finds. */
export interface Diagnosis {
  readonly runtime: RuntimeFacts;
  readonly census: Census;
  readonly streams: Streams;
  readonly folders: Folders;
  readonly logs: Logs;
}

/** Whether nothing is found that somebody has to do something about. */
export function isHealthy({ runtime, census, streams, folders, logs }: Diagnosis): boolean {
  const { abandoned, unknown, kept, closed } = folders;
  return (
    runtime.missing.length === 0 &&
    census.residents.every((resident) => resident.hasContainer && !lacksHub(resident)) &&
    !streams.found.some(({ state }) => state === "blocked" || state === "lost") &&
    [abandoned, unknown, kept, closed, logs.orphaned, logs.kept].every(
      (found) => found.length === 0,
    )
  );
}
