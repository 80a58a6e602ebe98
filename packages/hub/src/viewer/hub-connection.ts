import { type StreamName, TaskIOError } from "@taskio/core";
import type { Socket } from "bun";
import { decodeHubMessage, type HubMessage, receivedError } from "../protocol/hub-message.ts";
import { type LineEvents, lineHandlers, LineSocket } from "../protocol/line-socket.ts";
import type { AttachMessage, ViewerMessage } from "../protocol/viewer-message.ts";
import type { Missed } from "./with-hub.ts";

/** How long a hub may take to answer, in ms. It answers at once, unless its process is stopped, or its log is. */
const patience = 10_000;

/** How a stream ended, as the hub said it; the error that it went away where it has not. */
export type ToldEnd = "eof" | TaskIOError;

/** A viewer's connection to its hub. */
export class HubConnection implements LineEvents {
  /** Resolves when the connection is closed, by whichever side. */
  readonly gone: Promise<void>;
  readonly #gone = Promise.withResolvers<void>();
  readonly #path: string;
  readonly #onMissed: ((missed: Missed) => void) | undefined;
  readonly #attached = Promise.withResolvers<void>();
  readonly #ends = {
    stdin: Promise.withResolvers<ToldEnd>(),
    stdout: Promise.withResolvers<ToldEnd>(),
    stderr: Promise.withResolvers<ToldEnd>(),
  };
  #socket!: LineSocket; // set by open

  private constructor(path: string, onMissed: ((missed: Missed) => void) | undefined) {
    this.gone = this.#gone.promise;
    this.#path = path;
    this.#onMissed = onMissed;
    this.#attached.promise.catch(() => {}); // who attaches sees it
  }

  /** @throws TaskIOError `NOT_FOUND` when no hub listens there, `PERMISSION`, `UNAVAILABLE` */
  static async open(path: string, onMissed?: (missed: Missed) => void): Promise<HubConnection> {
    const connection = new HubConnection(path, onMissed);
    const open = (socket: Socket<LineSocket>) => {
      connection.#socket = new LineSocket(socket, () => connection);
    };
    try {
      await Bun.connect<LineSocket>({ unix: path, socket: { ...lineHandlers, open } });
      return connection;
    } catch (error) {
      throw connectFailed(error, path);
    }
  }

  /**
   * Asks for streams, and waits until the hub has opened them.
   *
   * @throws TaskIOError as the hub says; `ENGINE_FAILED` when it says nothing for 10 s; the signal's reason
   */
  async attach(message: AttachMessage, signal?: AbortSignal): Promise<void> {
    const abort = () => this.#attached.reject(signal!.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const timer = setTimeout(() => this.#attached.reject(noAnswer(this.#path)), patience);
    try {
      this.#socket.send(message);
      await this.#attached.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  send(message: ViewerMessage): void {
    this.#socket.send(message);
  }

  /** How a stream ended. */
  ended(stream: StreamName): Promise<ToldEnd> {
    return this.#ends[stream].promise;
  }

  close(): void {
    this.#socket.end();
  }

  line(line: string): void {
    try {
      const message = decodeHubMessage(line);
      if (message) this.#take(message);
    } catch {
      this.#socket.terminate(); // whoever that is, it is no hub
    }
  }

  closed(): void {
    const error = new TaskIOError(
      "ENGINE_FAILED",
      `the hub at "${this.#path}" went away: attach again when the task has another one`,
      { path: this.#path },
    );
    this.#attached.reject(error);
    for (const { resolve } of Object.values(this.#ends)) resolve(error);
    this.#gone.resolve();
  }

  #take(message: HubMessage): void {
    switch (message.type) {
      case "attached":
        return this.#attached.resolve();
      case "refused":
        return this.#attached.reject(receivedError(message.error));
      case "end":
        return this.#ends[message.stream]?.resolve(
          message.error ? receivedError(message.error) : "eof",
        );
      case "missed": {
        const { stream, bytes, offset } = message;
        queueMicrotask(() => this.#onMissed?.({ stream, bytes, offset }));
      }
    }
  }
}

function noAnswer(path: string): TaskIOError {
  return new TaskIOError(
    "ENGINE_FAILED",
    `the hub at "${path}" has not answered for ${patience / 1000} s: see whether its process is stopped, and continue or kill it`,
    { path },
  );
}

function connectFailed(thrown: unknown, path: string): TaskIOError {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code !== "ENOENT" && code !== "ECONNREFUSED") {
    return TaskIOError.from(thrown, "UNAVAILABLE", `connect to the hub at "${path}"`);
  }
  return new TaskIOError(
    "NOT_FOUND",
    `no hub at "${path}": start one, or attach to the task's FIFOs`,
    { errno: code, syscall: "connect", path, cause: thrown },
  );
}
