import type { Copy, StreamResult } from "../../src/index.ts";

/** A copy that ends when the test says so, and keeps how it was stopped. */
export class FakeCopy implements Copy {
  readonly done: Promise<StreamResult>;
  readonly stops: string[] = [];
  readonly end: (result?: Partial<StreamResult>) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<StreamResult>();
    this.done = promise;
    this.end = (result) => resolve({ ...nothing, ...result });
  }

  stop(how: "cancel" | "detach"): void {
    this.stops.push(how);
  }
}

const nothing: StreamResult = { bytes: 0, discarded: 0, unacknowledged: 0, end: "eof" };
