import { create } from "@bufbuild/protobuf";
import { type Any, timestampNow } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Envelope, EnvelopeSchema } from "@taskio/containerd/proto";

/** Events that a subscriber may be behind; then its stream ends. */
const maxBehind = 65_536;

interface Subscriber {
  readonly matches: (envelope: Envelope) => boolean;
  readonly queue: Envelope[];
  wake: () => void;
}

/** Hands events to all who listen at that time; nothing is kept for later. */
export class EventBus {
  readonly #subscribers = new Set<Subscriber>();

  publish(namespace: string, topic: string, event: Any): void {
    this.forward(create(EnvelopeSchema, { timestamp: timestampNow(), namespace, topic, event }));
  }

  forward(envelope: Envelope): void {
    for (const subscriber of this.#subscribers) {
      if (!subscriber.matches(envelope)) continue;
      subscriber.queue.push(envelope);
      subscriber.wake();
    }
  }

  /** The events from this call on, until the signal. */
  async *subscribe(
    matches: (envelope: Envelope) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<Envelope> {
    const subscriber: Subscriber = { matches, queue: [], wake() {} };
    const wake = () => subscriber.wake();
    this.#subscribers.add(subscriber);
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        if (subscriber.queue.length > maxBehind) {
          throw new ConnectError("the subscriber is too slow", Code.ResourceExhausted);
        }
        yield* subscriber.queue.splice(0);
        await new Promise<void>((resolve) => {
          subscriber.wake = resolve;
          if (signal.aborted || subscriber.queue.length > 0) resolve();
        });
      }
    } finally {
      signal.removeEventListener("abort", wake);
      this.#subscribers.delete(subscriber);
    }
  }
}
