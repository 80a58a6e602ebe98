import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { ClientSessionRequestOptions, OutgoingHttpHeaders } from "node:http2";
import { connect as connectSocket } from "node:net";
import { noAnswer } from "./no-answer.ts";

/** HTTP/2 wants an authority; on a Unix socket nobody looks at it. */
const authority = "http://localhost";
/** How often a request is begun anew because its session has just ended. */
const attempts = 3;

/**
 * HTTP/2 over a Unix socket, one session after the other: a request after the end of one opens another.
 * A session is open when the server has spoken, as HTTP/2 has it do at once: a socket alone says too
 * little, since the kernel takes connections for a server that hangs. An idle one does not keep the
 * process alive.
 */
export class Http2Sessions {
  readonly authority = authority;
  readonly #path: string;
  readonly #timeout: number;
  /** How many streams each has; one that the server is leaving may still have some. */
  readonly #streams = new Map<ClientHttp2Session, number>();
  #current: Promise<ClientHttp2Session> | undefined;

  /** @param timeout how long the server may take to speak, in ms */
  constructor(path: string, timeout: number) {
    this.#path = path;
    this.#timeout = timeout;
  }

  /** The session that the next request goes to. */
  open(): Promise<ClientHttp2Session> {
    return (this.#current ??= this.#open());
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Omit<ClientSessionRequestOptions, "signal">,
  ): Promise<ClientHttp2Stream> {
    for (let attempt = 1; ; attempt++) {
      const opened = this.open();
      const session = await opened;
      try {
        const stream = session.request({ ...headers, ":method": method, ":path": path }, options);
        this.#count(session, 1);
        stream.once("close", () => this.#count(session, -1));
        return stream;
      } catch (error) {
        if (!isOver(session) || attempt === attempts) throw error;
        this.#leave(opened);
      }
    }
  }

  /** Ends all, with their streams. */
  close(): void {
    for (const session of this.#streams.keys())
      session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }

  notifyResponseByteRead(): void {} // for keep-alive pings, which containerd ends a connection for

  #open(): Promise<ClientHttp2Session> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>();
    const socket = connectSocket(this.#path);
    const session = connect(authority, { createConnection: () => socket });
    const leave = () => this.#leave(promise);
    const timer = setTimeout(() => {
      reject(noAnswer());
      session.destroy();
    }, this.#timeout);
    this.#streams.set(session, 0);
    session.once("remoteSettings", () => {
      clearTimeout(timer);
      session.unref();
      resolve(session);
    });
    session.on("error", reject);
    session.once("goaway", leave);
    session.once("close", () => {
      clearTimeout(timer);
      this.#streams.delete(session);
      leave();
      reject(ended());
    });
    return promise;
  }

  /** Later requests go to another one, if they don't already. */
  #leave(session: Promise<ClientHttp2Session>): void {
    if (this.#current === session) this.#current = undefined;
  }

  #count(session: ClientHttp2Session, change: 1 | -1): void {
    const count = (this.#streams.get(session) ?? 0) + change;
    if (this.#streams.has(session)) this.#streams.set(session, count);
    if (count > 0) session.ref();
    else session.unref();
  }
}

function isOver({ closed, destroyed }: ClientHttp2Session): boolean {
  return closed || destroyed;
}

function ended(): Error {
  return Object.assign(new Error("closed by the server"), { code: "ECONNRESET" });
}
