import { fstatSync } from "node:fs";
import { hasNoReader } from "./libc.ts";

/** How often to look, in ms: the copies themselves go on without a sink, so that a task never wedges. */
const period = 100;

/** Tells when a pipe that is our stdout has lost its reader. */
export interface OutputWatch extends Disposable {
  readonly closed: Promise<void>;
}

/** Watches our stdout. */
export function watchOutputs(): OutputWatch {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  if (!isPipe(1)) return { closed, [Symbol.dispose]() {} };
  const timer = setInterval(() => hasNoReader(1) && resolve(), period);
  return { closed, [Symbol.dispose]: () => clearInterval(timer) };
}

function isPipe(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket();
}
