export type { Cancellable } from "./cancellable.ts";
export type { Client, Version } from "./client.ts";
export { connect, type ConnectOptions } from "./connect.ts";
export type { ContainerOptions } from "./container-parts.ts";
export type { Container, Containers, DeleteContainerOptions, NewContainer } from "./containers.ts";
export type { Content, ContentInfo, ReadContentOptions } from "./content.ts";
export type { CreateContainerOptions } from "./create-container.ts";
export type { CreateTaskOptions, StreamsOptions } from "./create-task.ts";
export type { ContainerdEvent, Gap } from "./event.ts";
export type { EventsOptions, EventStream } from "./events.ts";
export type { ExecOptions } from "./exec-process.ts";
export type { ExitStatus } from "./exit-status.ts";
export type { ImageDetails } from "./image-details.ts";
export { fullReference } from "./full-reference.ts";
export type { Descriptor, Image, Images } from "./images.ts";
export type { Introspection, Plugin, ServerInfo } from "./introspection.ts";
export type { Lease, Leases, NewLease } from "./leases.ts";
export type { LoadOptions } from "./load-process.ts";
export type { Mount } from "./mount.ts";
export type { Namespace, Namespaces } from "./namespaces.ts";
export type {
  OCICapabilities,
  OCILinux,
  OCILinuxNamespace,
  OCIMount,
  OCIProcess,
  OCIRlimit,
  OCISpec,
  OCIUser,
} from "./oci-spec.ts";
export type { Platform } from "./platform.ts";
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
export type { NewSnapshot, SnapshotInfo, Snapshots, SnapshotUsage } from "./snapshots.ts";
export type { ImageConfig } from "./spec/image-config.ts";
export { newSpec } from "./spec/new-spec.ts";
export type { SpecContainer, SpecOpt } from "./spec/spec-opt.ts";
export { withImageConfig } from "./spec/with-image-config.ts";
export {
  type LinuxNamespaceType,
  withHostname,
  withHostNamespace,
  withLinuxNamespace,
  withMounts,
} from "./spec/with-isolation.ts";
export {
  withCapabilities,
  withDefaultPathEnv,
  withEnv,
  withProcessArgs,
  withProcessCwd,
} from "./spec/with-process.ts";
export { withRootFSPath, withRootFSReadonly } from "./spec/with-root-fs.ts";
export { withTTY, withTTYSize } from "./spec/with-tty.ts";
export { withUIDGID, withUser } from "./spec/with-user.ts";
export type { LeasedClient } from "./with-lease.ts";
