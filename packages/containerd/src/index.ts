export type { Cancellable } from "./cancellable.ts";
export type { Client, Version } from "./client.ts";
export { connect, type ConnectOptions } from "./connect.ts";
export type { Container, Containers, NewContainer } from "./containers.ts";
export type { CreateTaskOptions, Mount, StreamsOptions } from "./create-task.ts";
export type { ContainerdEvent } from "./event.ts";
export type { EventsOptions, EventStream } from "./events.ts";
export type { ExecOptions } from "./exec-process.ts";
export type { ExitStatus } from "./exit-status.ts";
export type { Introspection, Plugin, ServerInfo } from "./introspection.ts";
export type { LoadOptions } from "./load-process.ts";
export type { OCIProcess, OCISpec } from "./oci-spec.ts";
export type {
  DeleteOptions,
  DeleteResult,
  DrainOptions,
  Process,
  TerminalSize,
} from "./process.ts";
export type { ProcessStatus } from "./process-status.ts";
export type { ProcessInfo, Task } from "./task.ts";
export type { Tasks } from "./tasks.ts";
