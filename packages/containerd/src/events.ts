import { setTimeout as sleep } from "node:timers/promises";
import { TaskIOError } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import type { ContainerdEvent } from "./event.ts";
import type { Envelope } from "./gen/containerd/types/event_pb.ts";
import type { RPC } from "./rpc.ts";

/** Which events are wanted. */
export interface EventsOptions extends Cancellable {
  /**
   * Any of them may match, such as `topic~="^/tasks/"` or `namespace==a,event.container_id==web`.
   * They are passed on as given: events of all namespaces come unless they name one.
   *
   * @default the client's namespace
   */
  readonly filters?: readonly string[];
  /**
   * Whether a lost connection is made anew, for as long as it takes: an event of the type `gap` tells
   * that it was. If not, it is thrown as `UNAVAILABLE`.
   *
   * @default true
   */
  readonly resume?: boolean;
}

/**
 * A subscription. Leaving a `for await` loop, or disposing, ends it. It outlives a restart of the server:
 * what happened meanwhile is lost, and an event of the type `gap` stands for it.
 */
export interface EventStream extends AsyncIterableIterator<ContainerdEvent>, AsyncDisposable {
  /**
   * Waits until the server has the subscription. containerd does not confirm one; this goes by what
   * was asked after it on the same connection, and answered.
   */
  subscribed(): Promise<void>;
  return(): Promise<IteratorResult<ContainerdEvent>>;
}

const done = { done: true, value: undefined } as const;
const doing = "listen for events";
/** How long to wait before a lost connection is tried again, in ms: longer each time. */
const delays = { first: 50, last: 2000 };

type Next = () => Promise<IteratorResult<Envelope>>;

/** Subscribes at once, not at the first `next`: there is no replay of what was missed. */
export class Subscription implements EventStream {
  readonly #rpc: RPC;
  readonly #filters: string[];
  readonly #resume: boolean;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  readonly #events: AsyncGenerator<ContainerdEvent, void, undefined>;

  constructor(rpc: RPC, { filters, resume = true, signal }: EventsOptions = {}) {
    this.#rpc = rpc;
    this.#filters = filters ? [...filters] : [`namespace==${rpc.namespace}`];
    this.#resume = resume;
    this.#signal = AbortSignal.any(signal ? [signal, this.#left.signal] : [this.#left.signal]);
    this.#events = this.#follow(this.#subscribe(this.#signal));
  }

  async subscribed(): Promise<void> {
    const call = { doing, signal: this.#signal };
    for (let i = 0; i < 2; i++) {
      // Once for our request to be written, once more for the server to have read it before this.
      await this.#rpc.call(call, (options) => this.#rpc.version.version({}, options));
    }
  }

  async next(): Promise<IteratorResult<ContainerdEvent>> {
    if (this.#left.signal.aborted) return done;
    try {
      const result = await this.#events.next();
      if (!result.done) return result;
    } catch (error) {
      if (!this.#left.signal.aborted) throw error;
    }
    return this.return();
  }

  async return(): Promise<IteratorResult<ContainerdEvent>> {
    this.#left.abort();
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#follow(next: Next): AsyncGenerator<ContainerdEvent, void, undefined> {
    while (true) {
      const error = yield* this.#untilLost(next);
      if (!error) return;
      const since = new Date();
      next = await this.#subscribeAgain();
      const { namespace } = this.#rpc;
      yield { type: "gap", topic: "", namespace, timestamp: new Date(), data: { since, error } };
    }
  }

  /** Passes events on; returns how the connection was lost, undefined where the server ends the stream. */
  async *#untilLost(
    next: Next,
  ): AsyncGenerator<ContainerdEvent, TaskIOError | undefined, undefined> {
    const { toEvent } = await import("./event.ts"); // the messages of all events
    while (true) {
      try {
        const result = await next();
        if (result.done) return undefined;
        yield toEvent(result.value);
      } catch (error) {
        if (this.#resume && isLost(error)) return error;
        throw error;
      }
    }
  }

  async #subscribeAgain(): Promise<Next> {
    for (let delay = delays.first; ; delay = Math.min(delay * 2, delays.last)) {
      await sleep(delay, undefined, { signal: this.#signal }).catch(() => {});
      const given = new AbortController();
      const next = this.#subscribe(AbortSignal.any([this.#signal, given.signal]));
      try {
        await this.subscribed();
        return next;
      } catch (error) {
        given.abort();
        if (!isLost(error)) throw error;
      }
    }
  }

  #subscribe(signal: AbortSignal): Next {
    const call = { doing, signal, unbounded: true };
    let envelopes: AsyncIterator<Envelope>;
    let first: ReturnType<Next> | undefined = this.#rpc.call(call, (options) => {
      const stream = this.#rpc.events.subscribe({ filters: this.#filters }, options);
      envelopes = stream[Symbol.asyncIterator]();
      return envelopes.next();
    });
    first.catch(() => {}); // whoever calls next sees it
    return () => {
      const next = first ?? this.#rpc.call(call, () => envelopes.next());
      first = undefined;
      return next;
    };
  }
}

function isLost(error: unknown): error is TaskIOError {
  return error instanceof TaskIOError && error.code === "UNAVAILABLE";
}
