import { lacksHub } from "./census.ts";
import { type Diagnosis, isHealthy } from "./diagnosis.ts";

/** The diagnosis as one JSON object; what is not known is null. */
export function asJSON(diagnosis: Diagnosis): string {
  const { runtime, census, streams, folders, logs } = diagnosis;
  const { residents, namespaces } = census;
  const ended = residents.filter((one) => one.hasContainer && one.status?.state === "stopped");
  const object = {
    healthy: isHealthy(diagnosis),
    runtime,
    namespaces,
    withoutHub: residents
      .filter(lacksHub)
      .map(({ namespace, id, name }) => ({ namespace, id, name })),
    streams: streams.found,
    incomplete: streams.incomplete,
    folders,
    logs,
    ended: ended.map(({ status, hub: _, ...rest }) => ({
      ...rest,
      exitCode: status?.exit?.exitCode,
    })),
    withoutTask: residents
      .filter(({ status }) => !status)
      .map(({ status: _, hub: __, ...rest }) => rest),
    withoutContainer: residents
      .filter(({ hasContainer }) => !hasContainer)
      .map(({ status, hub: _, ...rest }) => ({ ...rest, state: status?.state })),
  };
  return `${JSON.stringify(object, (_, value) => (value === undefined ? null : value), 2)}\n`;
}
