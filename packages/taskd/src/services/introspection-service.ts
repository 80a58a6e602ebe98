import type { ServiceImpl } from "@connectrpc/connect";
import type { Introspection } from "@taskio/containerd/proto";
import { statSync } from "node:fs";
import { parseFilters } from "../filter/parse-filters.ts";

const services = ["containers", "events", "introspection", "namespaces", "tasks", "version"];

const plugins = [
  {
    type: "io.containerd.runtime.v2",
    id: "task",
    exports: { "log-uri-schemes": "file,binary,binary-v2" },
  },
  ...services.map((id) => ({ type: "io.containerd.grpc.v1", id, exports: {} })),
];

/** What this server is made of. Its UUID is new at each start: nothing of it is kept. */
export function introspectionService(): ServiceImpl<typeof Introspection> {
  const uuid = crypto.randomUUID();
  const pidns = BigInt(statSync("/proc/self/ns/pid").ino);
  return {
    async plugins({ filters }) {
      const matches = parseFilters(filters);
      const found = plugins.filter(({ id, type }) =>
        matches(([name]) => ({ id, type })[name ?? ""]),
      );
      return { plugins: found };
    },

    async server() {
      return { uuid, pid: BigInt(process.pid), pidns };
    },
  };
}
