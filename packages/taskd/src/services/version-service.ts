import type { ServiceImpl } from "@connectrpc/connect";
import type { Version } from "@taskio/containerd/proto";
import manifest from "../../package.json" with { type: "json" };

/** The runtime's version; the revision tells it from containerd. */
export function versionService(): ServiceImpl<typeof Version> {
  return {
    async version() {
      return { version: manifest.version, revision: "taskd" };
    },
  };
}
