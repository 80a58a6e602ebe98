import { TaskIOError, Turn } from "@taskio/core";
import { ReadEnd } from "@taskio/fifo/reactor";
import type { LogStream } from "../log-record.ts";
import type { DriverStream } from "./driver-stream.ts";
import { setNonBlocking, unreadBytes } from "./libc.ts";

/** One of the task's outputs: first the consumer's, then drained. */
export class TaskOutput implements DriverStream {
  readonly name: LogStream;
  readonly fd: number;
  /** It has ended for the consumer. */
  #takenOver = false;
  #end: ReadEnd | undefined;
  #ended = false;
  #iterated = false;
  #bytes = 0;
  #discarded = 0;
  /** The wait under way, which a new owner takes over. */
  #readable: Promise<void> | undefined;
  #wake = () => {};

  constructor(name: LogStream, fd: number) {
    this.name = name;
    this.fd = fd;
  }

  /** Whether everything was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes that the consumer was given. */
  get bytes(): number {
    return this.#bytes;
  }

  get discarded(): number {
    return this.#discarded;
  }

  /** Bytes that wait to be read. */
  get unread(): number {
    return this.#ended ? 0 : unreadBytes(this.fd);
  }

  /** Whether there is nothing but the end to read; called when the consumer is to have no more. */
  atEnd(): boolean {
    if (this.unread > 0) return false;
    const chunk = this.#take();
    if (typeof chunk !== "string") this.#discarded += chunk.length; // came just now
    return chunk === "eof";
  }

  read(): Uint8Array | "empty" | "eof" {
    if (this.#takenOver) return "eof";
    const chunk = this.#take();
    if (typeof chunk !== "string") this.#bytes += chunk.length;
    return chunk;
  }

  readable(): Promise<void> {
    return this.#takenOver ? Promise.resolve() : this.#wait();
  }

  /** What the consumer leaves is drained in the end. */
  close(): void {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#iterated) {
      throw new TaskIOError("IN_USE", `${this.name} is being read: give one loop to each stream`);
    }
    this.#iterated = true;
    const turn = new Turn();
    try {
      for (let chunk = this.read(); chunk !== "eof"; chunk = this.read()) {
        if (chunk === "empty") await this.readable();
        else yield chunk;
        await turn.next();
      }
    } finally {
      this.#iterated = false;
    }
  }

  /** Ends it for the consumer, and discards the rest up to its end. */
  async drain(): Promise<void> {
    if (this.#takenOver) return;
    this.#takenOver = true;
    this.#wake();
    const turn = new Turn();
    for (let chunk = this.#take(); chunk !== "eof"; chunk = this.#take()) {
      if (chunk === "empty") await this.#wait();
      else this.#discarded += chunk.length;
      await turn.next();
    }
  }

  #take(): Uint8Array | "empty" | "eof" {
    if (this.#ended) return "eof";
    const end = this.#open();
    const chunk = end.read();
    if (chunk !== "eof") return chunk;
    this.#ended = true;
    end.close();
    return "eof";
  }

  #open(): ReadEnd {
    if (this.#end) return this.#end;
    setNonBlocking(this.fd);
    return (this.#end = new ReadEnd(this.fd, `the task's ${this.name} (fd ${this.fd})`));
  }

  #wait(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#readable ??= this.#open()
      .readable()
      .finally(() => (this.#readable = undefined));
    const readable = this.#readable;
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      readable.then(resolve, reject);
    });
  }
}
