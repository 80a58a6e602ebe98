import { concat } from "./concat.ts";
import { DetachMatcher } from "./detach-matcher.ts";
import type { Input } from "./input.ts";

/** A longer timeout would fire at once. */
const maxTimeout = 2 ** 31 - 1;

/** An input up to its end or to the detach keys, whichever comes first. */
export class KeyedReader {
  readonly #input: Input;
  readonly #matcher: DetachMatcher;
  readonly #holdTime: number;
  #end: "eof" | "keys" | "failed" | undefined;
  #failure: unknown;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #ready: Promise<void> | undefined;
  #heldLong = false;

  /** @param holdTime in ms, how long what may be the keys is held back at the most */
  constructor(input: Input, keys: Uint8Array, holdTime: number) {
    this.#input = input;
    this.#matcher = new DetachMatcher(keys);
    this.#holdTime = holdTime;
  }

  /** Why nothing more comes after what was collected; undefined while the input is open. */
  get end(): "eof" | "keys" | "failed" | undefined {
    return this.#end;
  }

  /** The error behind the end `failed`. */
  get failure(): unknown {
    return this.#failure;
  }

  /** How many bytes were collected and not taken. */
  get size(): number {
    return this.#size;
  }

  /** Collects what is there without waiting, until there are `enough` bytes. */
  collect(enough: number): void {
    if (this.#heldLong) this.#push(this.#matcher.release());
    this.#heldLong = false;
    try {
      while (!this.#end && this.#size < enough) {
        const chunk = this.#input.read(this.#matcher.missing);
        if (chunk === "empty") return;
        if (chunk === "eof") return this.#close("eof");
        const { deliver, detached, rest } = this.#matcher.feed(chunk);
        this.#push(deliver);
        if (detached) this.#close("keys", rest);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Gives what was collected. */
  take(): Uint8Array {
    this.#size = 0;
    return concat(this.#pieces.splice(0));
  }

  /** Resolves when there is something to collect: input, its end, or what was held for long. */
  async wait(): Promise<void> {
    const ready = (this.#ready ??= this.#untilReadable());
    if (this.#matcher.held === 0 || this.#holdTime > maxTimeout) return ready;
    const heldLong = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#heldLong = true;
      heldLong.resolve();
    }, this.#holdTime);
    await Promise.race([ready, heldLong.promise]);
    clearTimeout(timer);
  }

  /** Gives the input back to its owner, with what nobody took. */
  release(): void {
    if (this.#end) return;
    this.#push(this.#matcher.flush());
    this.#close("eof", this.take());
  }

  async #untilReadable(): Promise<void> {
    try {
      await this.#input.readable();
    } catch (error) {
      this.#fail(error);
    }
    this.#ready = undefined;
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#pieces.push(bytes);
    this.#size += bytes.length;
  }

  #fail(error: unknown): void {
    if (this.#end) return; // a read that the release has ended
    this.#failure = error;
    this.#close("failed");
  }

  #close(end: "eof" | "keys" | "failed", rest: Uint8Array = new Uint8Array(0)): void {
    this.#end = end;
    this.#push(this.#matcher.flush());
    this.#input.release(rest);
  }
}
