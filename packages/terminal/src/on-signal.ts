import { constants } from "node:os";
import { libc } from "./libc.ts";

const SIG_IGN = 1n;

/** What the signals did that we are the first to listen to. */
const former = new Map<NodeJS.Signals, BigUint64Array>();

/**
 * Listens to a signal, before all other listeners. When the last listener goes, the signal does what
 * it did before the first one came; the runtime alone would leave it at its default, which is the
 * end of a process that had it ignored.
 */
export function onSignal(signal: NodeJS.Signals, listener: () => void): Disposable {
  if (process.listenerCount(signal) === 0) former.set(signal, getAction(signal));
  const own = () => listener();
  process.prependListener(signal, own);
  return { [Symbol.dispose]: () => removeListener(signal, own) };
}

/** Whether the process ignores a signal, as `nohup` has it ignore SIGHUP. */
export function isIgnored(signal: NodeJS.Signals): boolean {
  return getAction(signal)[0] === SIG_IGN;
}

function removeListener(signal: NodeJS.Signals, listener: () => void): void {
  process.off(signal, listener);
  const action = former.get(signal);
  if (!action || process.listenerCount(signal) > 0) return;
  former.delete(signal);
  libc().sigaction(constants.signals[signal], action, null);
}

/** The signal's struct sigaction: begins with the handler, is 152 bytes long. */
function getAction(signal: NodeJS.Signals): BigUint64Array {
  const action = new BigUint64Array(19);
  libc().sigaction(constants.signals[signal], null, action);
  return action;
}
