import type { DaemonFolder } from "../daemon-folder.ts";
import { configV1 } from "./config-v1.ts";
import { configV2 } from "./config-v2.ts";

/** What a version's file has of its own. */
export interface ConfigFile {
  /** Of the file's format. */
  readonly version: number;
  /** The plugins that are left out. */
  readonly disabled: readonly string[];
}

/** The configuration of a daemon, as its version wants it. */
export function config({ root, state, address }: DaemonFolder, daemonVersion: string): string {
  const { version, disabled } = daemonVersion.startsWith("1.") ? configV1 : configV2;
  return `version = ${version}
root = ${JSON.stringify(root)}
state = ${JSON.stringify(state)}
disabled_plugins = ${JSON.stringify(disabled)}
[grpc]
address = ${JSON.stringify(address)}
`;
}
