import { print } from "../cli/print.ts";
import { openRuntime } from "../client/open-runtime.ts";
import type { ListOptions } from "../commands/ls.ts";
import { listTasks } from "./ls.ts";

/** Shows the runtime. */
export async function info({ json, ...options }: ListOptions): Promise<number> {
  await using runtime = await openRuntime(options);
  const { client, embedded } = runtime;
  const [version, server, tasks] = await Promise.all([
    client.version(),
    client.introspection.server(),
    listTasks(client),
  ]);
  const facts = {
    runtime: embedded ? "embedded" : "containerd",
    version: version.version,
    revision: version.revision,
    pid: server.pid ?? null,
    uuid: server.uuid,
    address: client.address,
    namespace: client.namespace,
    tasks: tasks.length,
    running: tasks.filter(({ state }) => state === "running").length,
    hubs: tasks.filter(({ hub }) => hub === "running").length,
  };
  print(json ? `${JSON.stringify(facts, null, 2)}\n` : asLines(facts));
  return 0;
}

function asLines(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${`${name}:`.padEnd(11)} ${value}\n`)
    .join("");
}
