import type { DaemonFolder } from "../daemon-folder.ts";
import { configV1 } from "./config-v1.ts";
import { configV2 } from "./config-v2.ts";

/** The configuration of a daemon, as its version wants it. */
export function config(folder: DaemonFolder, version: string): string {
  return version.startsWith("1.") ? configV1(folder) : configV2(folder);
}
