/**
 * containerd's services and messages, as protobuf-es generates them: for servers of the same API and
 * for tests. Client code rarely needs them.
 *
 * Names are flat but for those of `content`, `leases` and `snapshots`, whose messages' names say too
 * little alone, and `RPCStatus`, which is `google.rpc.Status`.
 *
 * @module
 */
export { packAny, packJSON, unpackAny, unpackJSON } from "./any.ts";
export { typeURL } from "./type-url.ts";
export * from "./gen/containerd/events/container_pb.ts";
export * from "./gen/containerd/events/task_pb.ts";
export * from "./gen/containerd/services/containers/v1/containers_pb.ts";
export * as content from "./gen/containerd/services/content/v1/content_pb.ts";
export * from "./gen/containerd/services/events/v1/events_pb.ts";
export * from "./gen/containerd/services/images/v1/images_pb.ts";
export * from "./gen/containerd/services/introspection/v1/introspection_pb.ts";
export * as leases from "./gen/containerd/services/leases/v1/leases_pb.ts";
export * from "./gen/containerd/services/namespaces/v1/namespace_pb.ts";
export * as snapshots from "./gen/containerd/services/snapshots/v1/snapshots_pb.ts";
export * from "./gen/containerd/services/tasks/v1/tasks_pb.ts";
export * from "./gen/containerd/services/version/v1/version_pb.ts";
export * from "./gen/containerd/types/descriptor_pb.ts";
export * from "./gen/containerd/types/event_pb.ts";
export * from "./gen/containerd/types/metrics_pb.ts";
export * from "./gen/containerd/types/mount_pb.ts";
export * from "./gen/containerd/types/platform_pb.ts";
export * from "./gen/containerd/types/runc/options/oci_pb.ts";
export * from "./gen/containerd/types/task/task_pb.ts";
export {
  type Status as RPCStatus,
  StatusSchema as RPCStatusSchema,
} from "./gen/google/rpc/status_pb.ts";
