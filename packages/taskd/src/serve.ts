import { connectNodeAdapter } from "@connectrpc/connect-node";
import {
  Containers,
  Events,
  Introspection,
  Namespaces,
  Tasks,
  Version,
} from "@taskio/containerd/proto";
import { createServer, type Http2Server, type Http2ServerResponse } from "node:http2";
import type { Runtime } from "./runtime.ts";
import { containersService } from "./services/containers-service.ts";
import { eventsService } from "./services/events-service.ts";
import { introspectionService } from "./services/introspection-service.ts";
import { namespacesService } from "./services/namespaces-service.ts";
import { rpcErrors } from "./services/rpc-errors.ts";
import { tasksService } from "./services/tasks-service.ts";
import { versionService } from "./services/version-service.ts";

/** As in containerd. */
const maxMessageBytes = 16 << 20;
/** Each wait for a task is a stream. */
const maxConcurrentStreams = 100_000;
const UNIMPLEMENTED = "12";

/** A server of containerd's services on HTTP/2; it listens nowhere yet. */
export function createRuntimeServer(runtime: Runtime): Http2Server {
  const handler = connectNodeAdapter({
    interceptors: [rpcErrors],
    readMaxBytes: maxMessageBytes,
    acceptCompression: [], // over a Unix socket it only costs
    connect: false,
    grpcWeb: false,
    routes(router) {
      router.service(Containers, containersService(runtime));
      router.service(Events, eventsService(runtime));
      router.service(Introspection, introspectionService());
      router.service(Namespaces, namespacesService(runtime));
      router.service(Tasks, tasksService(runtime));
      router.service(Version, versionService());
    },
    fallback: (request, response) => unknownMethod(request.url, response as Http2ServerResponse),
  });
  return createServer({ settings: { maxConcurrentStreams } }, handler);
}

/** Unimplemented in gRPC's way: without it, clients show an HTTP status that they don't expect. */
function unknownMethod(path: string | undefined, response: Http2ServerResponse): void {
  const headers = {
    ":status": 200,
    "content-type": "application/grpc",
    "grpc-status": UNIMPLEMENTED,
    "grpc-message": `unknown method ${encodeURI(path ?? "")}`,
  };
  response.stream.respond(headers, { endStream: true });
}
