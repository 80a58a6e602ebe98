import type { ServiceImpl } from "@connectrpc/connect";
import type { Version } from "@taskio/containerd/proto";
import { version } from "../../package.json" with { type: "json" };

/** The version of this package; the revision, which nobody knows here, tells it from containerd. */
export function versionService(): ServiceImpl<typeof Version> {
  return {
    version: () => ({ version, revision: "taskd" }),
  };
}
