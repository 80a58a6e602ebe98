import { boundLog } from "./bound-log.ts";

/** For how long an error that is there again is only counted, in ms. */
const quiet = 60_000;
/** Errors that are told apart. */
const maxKinds = 100;

const told = new Map<string, { readonly at: number; again: number }>();
let log: string | undefined;

/** Has what is reported keep this file small. */
export function reportInto(path: string): void {
  log = path;
}

/** Tells the log of an error that nobody else is told of, and once a minute if it comes again. */
export function report(error: unknown): void {
  const kind = String(error).replaceAll(/\d+/g, "0");
  const before = told.get(kind);
  const now = performance.now();
  if (before && now - before.at < quiet) {
    before.again++;
    return;
  }
  if (told.size >= maxKinds) told.clear();
  told.set(kind, { at: now, again: 0 });
  if (log !== undefined) boundLog(log);
  console.error(error);
  if (before?.again) console.error(`(and ${before.again} times more before)`);
}
