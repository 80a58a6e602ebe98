import type { Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { abortable } from "./abortable.ts";
import { addressVariable } from "./address.ts";
import { Http2Sessions } from "./http2-sessions.ts";
import type { Connection } from "./rpc.ts";
import { rpcError } from "./rpc-error.ts";

/** The size of a message that containerd takes and sends at most. */
const maxBytes = 16 * 1024 * 1024;

/** Where a connection goes to, and how. */
export interface ConnectionParts {
  /** The path of the socket. */
  readonly address: string;
  readonly namespace: string;
  /** How long the server may be silent, in ms. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens gRPC over a Unix socket.
 *
 * @throws TaskIOError `NOT_FOUND` (no socket), `PERMISSION`, `UNAVAILABLE` (nobody listens, or answers)
 */
export async function openConnection(parts: ConnectionParts): Promise<Connection> {
  const { address, namespace, timeout, signal } = parts;
  const sessions = new Http2Sessions(address, timeout);
  try {
    await abortable(sessions.open(), signal);
  } catch (error) {
    sessions.close();
    signal?.throwIfAborted();
    throw notConnected(error, address);
  }
  const transport = createGrpcTransport({
    baseUrl: sessions.authority,
    sessionManager: sessions,
    interceptors: [inNamespace(namespace)],
    acceptCompression: [], // both ends are on one machine
    readMaxBytes: maxBytes,
    writeMaxBytes: maxBytes,
  });
  return { address, timeout, transport, close: () => sessions.close() };
}

function inNamespace(namespace: string): Interceptor {
  return (next) => (request) => {
    request.header.set("containerd-namespace", namespace);
    return next(request);
  };
}

function notConnected(thrown: unknown, address: string): TaskIOError {
  const error = rpcError(thrown, `connect to "${address}"`, { address });
  const code = error.errno === "ENOENT" ? "NOT_FOUND" : error.code;
  return new TaskIOError(code, `${error.message}: ${advice(code, error.errno)}`, {
    ...(error.errno && { errno: error.errno }),
    ...(error.syscall && { syscall: error.syscall }),
    path: address,
    cause: thrown,
  });
}

function advice(code: TaskIOErrorCode, errno: string | undefined): string {
  const otherwise = `give another address, or set $${addressVariable}`;
  if (code === "NOT_FOUND") return `start containerd, ${otherwise}`;
  if (code === "PERMISSION") return `run as root or in the socket's group, ${otherwise}`;
  if (errno === "ECONNREFUSED") return `nobody listens there, start containerd, ${otherwise}`;
  return otherwise;
}
