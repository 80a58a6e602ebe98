export type { Daemon, Ended } from "./daemon.ts";
export type { ImageConfig } from "./image/image-config.ts";
export type { ImageOptions, ImportedImage } from "./image/import-image.ts";
export { missingContainerd } from "./missing-containerd.ts";
export { startContainerd, type StartOptions } from "./start-containerd.ts";
export { PtyCommand } from "./pty-command.ts";
export { tempFolder, type TempFolder } from "./temp-folder.ts";
export { thrown } from "./thrown.ts";
export { until, type UntilOptions } from "./until.ts";
