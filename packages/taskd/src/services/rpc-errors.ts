import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { ExecError } from "../process/find-executable.ts";
import { report } from "../report.ts";

const codes: Partial<Record<TaskIOErrorCode, Code>> = {
  INVALID_ID: Code.InvalidArgument,
  INVALID_CONFIG: Code.InvalidArgument,
  INVALID_ARGUMENT: Code.InvalidArgument,
  NOT_FIFO: Code.InvalidArgument,
  NOT_FOUND: Code.NotFound,
  PERMISSION: Code.PermissionDenied,
  UNAVAILABLE: Code.Unavailable,
  UNSUPPORTED: Code.Unimplemented,
};

/** Gives errors the gRPC codes that clients of containerd know. */
export const rpcErrors: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    throw rpcError(error);
  }
};

function rpcError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  if (error instanceof TaskIOError) {
    return new ConnectError(error.message, codes[error.code] ?? Code.Unknown);
  }
  if (error instanceof ExecError) {
    const message = `failed to start: unable to start the process: ${error.message}`;
    return new ConnectError(message, Code.Unknown);
  }
  report(error);
  return new ConnectError(error instanceof Error ? error.message : String(error), Code.Unknown);
}
