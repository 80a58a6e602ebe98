/**
 * The embedded runtime of taskio: containerd's task API for plain host processes, without isolation.
 *
 * @module
 */
export { taskdArgument } from "./default-command.ts";
export { ensureTaskd, type EnsureTaskdOptions, type TaskdAddress } from "./ensure-taskd.ts";
export { runTaskd, type TaskdOptions } from "./run-taskd.ts";
export { runtimeDir, type RuntimeDirSources } from "./runtime-dir.ts";
