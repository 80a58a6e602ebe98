import { Code, ConnectError } from "@connectrpc/connect";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { connectionCodes, grpcCodes } from "./grpc-code.ts";

/**
 * A failed call as a TaskIOError. The cause is kept: a `ConnectError` with the gRPC code.
 *
 * @param doing what failed, such as `start the task "web"`: starts the message
 * @param precondition the code for a state that does not allow the call (gRPC FailedPrecondition)
 */
export function rpcError(
  thrown: unknown,
  doing: string,
  precondition: TaskIOErrorCode = grpcCodes[Code.FailedPrecondition],
): TaskIOError {
  if (thrown instanceof TaskIOError) return thrown;
  const system = systemError(thrown);
  const error = ConnectError.from(thrown);
  const code =
    (system && connectionCodes[system.code]) ??
    (error.code === Code.FailedPrecondition ? precondition : grpcCodes[error.code]);
  return new TaskIOError(code, `failed to ${doing}: ${error.rawMessage}`, {
    ...(system?.code.match(/^E[A-Z0-9]+$/) && { errno: system.code }),
    ...(system?.syscall && { syscall: system.syscall }),
    cause: thrown,
  });
}

/** Whether nothing says if the call was carried out: the connection broke, or was closed. */
export function isUncertain(error: unknown): boolean {
  return error instanceof TaskIOError && ["UNAVAILABLE", "CLOSED"].includes(error.code);
}

/** Whether the call was about something that is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "NOT_FOUND";
}

/** The innermost error of the system in a chain of causes. */
function systemError(thrown: unknown): { code: string; syscall?: string } | undefined {
  let found: { code: string; syscall?: string } | undefined;
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; depth++) {
    const { code, syscall } = error as { code?: unknown; syscall?: string };
    if (typeof code === "string") found = syscall ? { code, syscall } : { code };
    error = error.cause;
  }
  return found;
}
