import { Code } from "@connectrpc/connect";
import type { TaskIOErrorCode } from "@taskio/core";

/**
 * What each gRPC code is here. containerd's own errors come as the codes 3, 5, 6, 7, 8, 9, 12 and 14;
 * what a shim or runc says comes as Unknown.
 */
export const grpcCodes: Readonly<Record<Code, TaskIOErrorCode>> = {
  [Code.Canceled]: "UNAVAILABLE", // our own aborts do not come here
  [Code.Unknown]: "ENGINE_FAILED",
  [Code.InvalidArgument]: "INVALID_ARGUMENT",
  [Code.DeadlineExceeded]: "UNAVAILABLE",
  [Code.NotFound]: "NOT_FOUND",
  [Code.AlreadyExists]: "IN_USE",
  [Code.PermissionDenied]: "PERMISSION",
  [Code.ResourceExhausted]: "UNAVAILABLE",
  [Code.FailedPrecondition]: "INVALID_ARGUMENT",
  [Code.Aborted]: "UNAVAILABLE", // connect-node's word for a connection that broke
  [Code.OutOfRange]: "INVALID_ARGUMENT",
  [Code.Unimplemented]: "UNSUPPORTED",
  [Code.Internal]: "ENGINE_FAILED",
  [Code.Unavailable]: "UNAVAILABLE",
  [Code.DataLoss]: "ENGINE_FAILED",
  [Code.Unauthenticated]: "PERMISSION",
};

/** What is said of a connection that broke under a call. */
export const brokenCodes: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "ERR_HTTP2_INVALID_STREAM",
  "ERR_HTTP2_SESSION_ERROR",
  "ERR_HTTP2_STREAM_CANCEL",
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** What the system says of a connection, which gRPC codes blur: never that a task is not found. */
export const connectionCodes: Readonly<Record<string, TaskIOErrorCode>> = {
  ...Object.fromEntries([...brokenCodes].map((code) => [code, "UNAVAILABLE"] as const)),
  ENOENT: "UNAVAILABLE",
  EACCES: "PERMISSION",
  EPERM: "PERMISSION",
  EAGAIN: "UNAVAILABLE", // more connections wait than the server may have waiting
  ECONNREFUSED: "UNAVAILABLE",
  ETIMEDOUT: "UNAVAILABLE",
  EINVAL: "INVALID_ARGUMENT", // a path longer than a socket's may be
  ERR_HTTP2_ERROR: "UNAVAILABLE", // what answers is no gRPC server
};
