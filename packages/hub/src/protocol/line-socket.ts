import type { Socket, SocketHandler } from "bun";

const newline = 10;
/** Of a line, in bytes. */
const longest = 65_536;
/** What may wait for an other side that does not read, in bytes. */
const mostUnsent = 1 << 20;

/** What happens on a {@link LineSocket}. */
export interface LineEvents {
  /** A line came, without its newline. */
  line(line: string): void;
  /** The other side has left, or this one: once. */
  closed(): void;
}

/** A socket of messages, one JSON object a line. */
export class LineSocket {
  readonly #socket: Socket<LineSocket>;
  readonly #events: LineEvents;
  #partial = Buffer.alloc(0);
  #unsent = Buffer.alloc(0);
  #ending = false;
  #closed = false;

  /** The socket's handlers are {@link lineHandlers}. */
  constructor(socket: Socket<LineSocket>, events: (socket: LineSocket) => LineEvents) {
    this.#socket = socket;
    socket.data = this;
    this.#events = events(this);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Does nothing once the socket is closed. */
  send(message: object): void {
    if (this.#closed || this.#ending) return;
    this.#unsent = Buffer.concat([this.#unsent, Buffer.from(`${JSON.stringify(message)}\n`)]);
    this.flush();
    if (this.#unsent.length > mostUnsent) this.terminate();
  }

  /** Closes after what was sent, unless the other side does not read. Lines are not looked at any longer. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.flush();
    if (this.#unsent.length > 0) return this.terminate();
    this.#socket.end();
    this.#socket.unref(); // the other side may take its time to close
  }

  /** Closes now. */
  terminate(): void {
    this.#ending = true;
    this.#socket.terminate();
    this.closed();
  }

  /** @internal */
  flush(): void {
    if (this.#closed || this.#unsent.length === 0) return;
    const sent = this.#socket.write(this.#unsent);
    this.#unsent = this.#unsent.subarray(Math.max(sent, 0));
  }

  /** @internal */
  received(bytes: Buffer): void {
    let rest = Buffer.concat([this.#partial, bytes]);
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      if (this.#ending) return;
      this.#events.line(rest.toString("utf8", 0, end));
      rest = rest.subarray(end + 1);
    }
    this.#partial = rest;
    if (rest.length > longest) this.terminate();
  }

  /** @internal */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#events.closed();
  }
}

/** What Bun calls for each socket that has a {@link LineSocket}. */
export const lineHandlers: SocketHandler<LineSocket> = {
  binaryType: "buffer",
  data: ({ data }, bytes) => data.received(bytes),
  drain: ({ data }) => data.flush(),
  close: ({ data }) => data?.closed(),
  error: ({ data }) => data?.terminate(),
};
