import type { Runtime } from "../client/open-runtime.ts";

/** Which runtime answers, by what it says of itself. */
export interface RuntimeFacts {
  readonly kind: "embedded" | "containerd";
  readonly address: string;
  readonly version: string;
  readonly revision: string;
  /** Of its API, in the order of the alphabet. */
  readonly services: readonly string[];
  /** What the commands need of it, and it doesn't have. */
  readonly missing: readonly string[];
}

/** What every command needs. */
const needed = ["containers", "events", "namespaces", "tasks", "version"];
/** What `run --image` needs. */
const neededForImages = ["content", "images", "leases", "snapshots"];

/** What the embedded runtime says instead of a revision. */
const taskd = "taskd";

/** Asks a runtime about itself. */
export async function runtimeFacts({ client }: Runtime): Promise<RuntimeFacts> {
  const filters = ["type==io.containerd.grpc.v1"];
  const [version, plugins] = await Promise.all([
    client.version(),
    client.introspection.plugins({ filters }),
  ]);
  const services = plugins.filter(({ error }) => !error).map(({ id }) => id);
  const embedded = version.revision === taskd;
  const wanted = embedded ? needed : [...needed, ...neededForImages];
  return {
    kind: embedded ? "embedded" : "containerd",
    address: client.address,
    ...version,
    services: services.sort(),
    missing: wanted.filter((service) => !services.includes(service)),
  };
}
