export type { Hub } from "./hub.ts";
export type { HubLog } from "./hub-log.ts";
export type { HubOptions } from "./hub-options.ts";
export { hubSocket } from "./hub-socket.ts";
export { newHub } from "./new-hub.ts";
export type { TerminalSize } from "./terminal-size.ts";
export type { HubAttach, HubIO } from "./viewer/hub-io.ts";
export { newHubAttach } from "./viewer/new-hub-attach.ts";
export { type HubViewOptions, type Missed, withHub } from "./viewer/with-hub.ts";
