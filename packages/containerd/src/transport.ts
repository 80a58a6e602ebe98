import { connect as connectSocket } from "node:net";
import type { Interceptor } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { abortable } from "./abortable.ts";
import { addressVariable } from "./address.ts";
import type { Connection } from "./rpc.ts";
import { rpcError } from "./rpc-error.ts";

/** The size of a message that containerd takes and sends at most. */
const maxBytes = 16 * 1024 * 1024;
/** HTTP/2 wants an authority; on a Unix socket nobody looks at it. */
const authority = "http://localhost";

/**
 * Opens gRPC over a Unix socket.
 *
 * @throws TaskIOError `NOT_FOUND` (no socket), `PERMISSION`, `UNAVAILABLE` (nobody listens)
 */
export async function openConnection(
  path: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<Connection> {
  const sessions = new Http2SessionManager(authority, {}, { createConnection });
  const close = () => sessions.abort();
  const connecting = sessions.connect();
  try {
    if ((await abortable(connecting, signal)) === "error") throw sessions.error();
  } catch (error) {
    close();
    signal?.throwIfAborted();
    throw notConnected(error, path);
  }
  const transport = createGrpcTransport({
    baseUrl: authority,
    sessionManager: sessions,
    interceptors: [inNamespace(namespace)],
    acceptCompression: [], // both ends are on one machine
    readMaxBytes: maxBytes,
    writeMaxBytes: maxBytes,
  });
  return { transport, close };

  function createConnection() {
    return connectSocket(path);
  }
}

function inNamespace(namespace: string): Interceptor {
  return (next) => (request) => {
    request.header.set("containerd-namespace", namespace);
    return next(request);
  };
}

function notConnected(thrown: unknown, path: string): TaskIOError {
  const error = rpcError(thrown, `connect to "${path}"`);
  const code = error.errno === "ENOENT" ? "NOT_FOUND" : error.code;
  return new TaskIOError(code, `${error.message}: ${advice(code)}`, {
    ...(error.errno && { errno: error.errno }),
    ...(error.syscall && { syscall: error.syscall }),
    path,
    cause: thrown,
  });
}

function advice(code: TaskIOErrorCode): string {
  const otherwise = `give another address, or set $${addressVariable}`;
  if (code === "NOT_FOUND") return `start containerd, ${otherwise}`;
  if (code === "PERMISSION") return `run as root or in the socket's group, ${otherwise}`;
  if (code === "UNAVAILABLE") return `nobody listens there, start containerd, ${otherwise}`;
  return otherwise;
}
