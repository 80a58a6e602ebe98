export { binaryIO } from "./binary-io.ts";
export type { LogArgs } from "./log-args.ts";
export { logFile } from "./log-file.ts";
export { logURI } from "./log-uri.ts";
export { logURIGenerator } from "./log-uri-generator.ts";
export { terminalBinaryIO } from "./terminal-binary-io.ts";
export { terminalLogURI } from "./terminal-log-uri.ts";
