import { rmSync } from "node:fs";
import {
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";

/** What is done about the next call of a method. */
export interface Interference {
  /** Such as `containers.v1.Containers/Create`: how its path ends. */
  readonly method: string;
  /** Done before the call goes on to the server. */
  readonly before?: () => Promise<unknown>;
}

/**
 * Between a client and a server, for calls with one request. A call that is interfered with is carried
 * out, and then the connection ends in place of an answer.
 */
export class Proxy implements AsyncDisposable {
  readonly address = join(tmpdir(), `taskio-proxy-${crypto.randomUUID()}`);
  readonly #target: string;
  readonly #server = createServer();
  readonly #connections = new Set<Duplex>();
  #next: Interference | undefined;

  constructor(target: string) {
    this.#target = target;
    this.#server.on("connection", (connection: Duplex) => this.#connections.add(connection));
    this.#server.on("stream", (stream, headers) => {
      this.#pass(stream as ServerHttp2Stream, headers).catch(() => this.#hangUp());
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.address, resolve));
    return this;
  }

  /** The next call of this method gets no answer. */
  lose(method: string, before?: () => Promise<unknown>): void {
    this.#next = { method, ...(before && { before }) };
  }

  /** Whether a call was interfered with as it was wanted. */
  get hasLost(): boolean {
    return this.#next === undefined;
  }

  async #pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const request = await Array.fromAsync(stream as AsyncIterable<Uint8Array>);
    const interference = this.#take(String(headers[":path"]));
    await interference?.before?.();
    const answer = await call(this.#target, headers, Buffer.concat(request));
    if (interference) return this.#hangUp();
    stream.on("wantTrailers", () => stream.sendTrailers(answer.trailers));
    stream.respond(answer.headers, { waitForTrailers: true });
    stream.end(answer.body);
  }

  #hangUp(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#connections.clear();
  }

  #take(path: string): Interference | undefined {
    const next = this.#next;
    if (!next || !path.endsWith(next.method)) return undefined;
    this.#next = undefined;
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hangUp();
    this.#server.close();
    rmSync(this.address, { force: true });
  }
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function call(target: string, given: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
  const session = connect("http://localhost", { createConnection: () => connectSocket(target) });
  try {
    const stream = session.request(given);
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on("response", (received) => (headers = received));
    stream.on("trailers", (received) => (trailers = received));
    stream.end(body);
    const chunks = await Array.fromAsync(stream as AsyncIterable<Uint8Array>);
    return { headers, trailers, body: Buffer.concat(chunks) };
  } finally {
    session.close();
  }
}
