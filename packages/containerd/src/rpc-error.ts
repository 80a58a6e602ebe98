import { Code, ConnectError } from "@connectrpc/connect";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { brokenCodes, connectionCodes, grpcCodes } from "./grpc-code.ts";

/** What a failed call was about. */
export interface FailedCall {
  /** The server's socket. */
  readonly address: string;
  /** The code for a state that does not allow the call (gRPC FailedPrecondition). */
  readonly precondition?: TaskIOErrorCode | undefined;
}

/**
 * A failed call as a TaskIOError. The cause is kept: a `ConnectError` with the gRPC code.
 *
 * @param doing what failed, such as `start the task "web"`: starts the message
 */
export function rpcError(
  thrown: unknown,
  doing: string,
  { address, precondition = grpcCodes[Code.FailedPrecondition] }: FailedCall,
): TaskIOError {
  if (thrown instanceof TaskIOError) return thrown;
  const system = systemError(thrown);
  const error = ConnectError.from(thrown);
  const code =
    (system && connectionCodes[system.code]) ??
    (error.code === Code.FailedPrecondition ? precondition : grpcCodes[error.code]);
  const why = code === "UNAVAILABLE" ? whyUnavailable(error, system, address) : error.rawMessage;
  return new TaskIOError(code, `failed to ${doing}: ${why}`, {
    ...(system?.code.match(/^E[A-Z0-9]+$/) && { errno: system.code }),
    ...(system?.syscall && { syscall: system.syscall }),
    cause: thrown,
  });
}

/** In words that name the server, which the library's don't. */
function whyUnavailable(
  error: ConnectError,
  system: SystemError | undefined,
  address: string,
): string {
  const server = `the server at "${address}"`;
  if (!error.metadata.keys().next().done) return `${server} says: ${error.rawMessage}`;
  if (system?.code === "ETIMEDOUT") return `${server} accepts connections but does not answer`;
  if (system?.code === "ERR_HTTP2_ERROR") return `${server} does not speak gRPC`;
  if (system ? brokenCodes.has(system.code) : brokenByCode.has(error.code)) {
    return `${server} went away`;
  }
  return error.rawMessage.includes(address) ? error.rawMessage : `${server}: ${error.rawMessage}`;
}

/** connect-node's words for a stream that ended with its connection. */
const brokenByCode: ReadonlySet<Code> = new Set([Code.Canceled, Code.Aborted]);

/** Whether nothing says if the call was carried out: the connection broke, or was closed. */
export function isUncertain(error: unknown): boolean {
  return error instanceof TaskIOError && ["UNAVAILABLE", "CLOSED"].includes(error.code);
}

/** Whether the server went away, or does not answer. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "UNAVAILABLE";
}

/** Whether the call was about something that is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TaskIOError && error.code === "NOT_FOUND";
}

/** Whether a start was refused for an earlier one: shims have no code for it, only these words. */
export function wasStarted(error: unknown): boolean {
  return error instanceof TaskIOError && /cannot start a \w+ process/.test(error.message);
}

interface SystemError {
  readonly code: string;
  readonly syscall?: string;
}

/** The innermost error of the system in a chain of causes. */
function systemError(thrown: unknown): SystemError | undefined {
  let found: SystemError | undefined;
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; depth++) {
    const { code, syscall } = error as { code?: unknown; syscall?: string };
    if (typeof code === "string") found = syscall ? { code, syscall } : { code };
    error = error.cause;
  }
  return found;
}
