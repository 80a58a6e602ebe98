import type { Cancellable } from "./cancellable.ts";
import { type ContainerdEvent, toEvent } from "./event.ts";
import type { Envelope } from "./gen/containerd/types/event_pb.ts";
import type { Call, RPC } from "./rpc.ts";

/** Which events are wanted. */
export interface EventsOptions extends Cancellable {
  /**
   * Any of them may match, such as `topic~="^/tasks/"` or `namespace==a,event.container_id==web`.
   * They are passed on as given: events of all namespaces come unless they name one.
   *
   * @default the client's namespace
   */
  readonly filters?: readonly string[];
}

/** A subscription. Leaving a `for await` loop, or disposing, ends it. */
export interface EventStream extends AsyncIterableIterator<ContainerdEvent>, AsyncDisposable {
  /**
   * Waits until the server has the subscription. containerd does not confirm one; this goes by what
   * was asked after it on the same connection, and answered.
   */
  subscribed(): Promise<void>;
  return(): Promise<IteratorResult<ContainerdEvent>>;
}

const done = { done: true, value: undefined } as const;

/** Subscribes at once, not at the first `next`: there is no replay of what was missed. */
export class Subscription implements EventStream {
  readonly #rpc: RPC;
  readonly #call: Call;
  readonly #left = new AbortController();
  #envelopes: AsyncIterator<Envelope> | undefined;
  #first: Promise<IteratorResult<Envelope>> | undefined;

  constructor(rpc: RPC, { filters, signal }: EventsOptions = {}) {
    this.#rpc = rpc;
    const signals = signal ? [signal, this.#left.signal] : [this.#left.signal];
    this.#call = { doing: "listen for events", signal: AbortSignal.any(signals) };
    const request = { filters: filters ? [...filters] : [`namespace==${rpc.namespace}`] };
    this.#first = rpc.call(this.#call, (options) => {
      this.#envelopes = rpc.events.subscribe(request, options)[Symbol.asyncIterator]();
      return this.#envelopes.next();
    });
    this.#first.catch(() => {}); // whoever calls next sees it
  }

  async subscribed(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      // Once for our request to be written, once more for the server to have read it before this.
      await this.#rpc.call(this.#call, (options) => this.#rpc.version.version({}, options));
    }
  }

  async next(): Promise<IteratorResult<ContainerdEvent>> {
    if (this.#left.signal.aborted) return done;
    const next = this.#first ?? this.#rpc.call(this.#call, () => this.#envelopes!.next());
    this.#first = undefined;
    try {
      const result = await next;
      if (!result.done) return { done: false, value: toEvent(result.value) };
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
}
