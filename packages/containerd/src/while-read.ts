import type { IO } from "@taskio/core";
import { areAtEnd } from "./are-at-end.ts";
import { discardOutputs } from "./discard-outputs.ts";
import { settlesWithin } from "./settles-within.ts";

/** How long a reader that is behind may go on while the process is deleted, in ms. */
const lastReads = 500;

/** Waits for the call that deletes a process while its outputs are read, at last by us. */
export async function whileRead<T>(io: IO, call: Promise<T>): Promise<T> {
  const over = call.then(
    () => {},
    () => {}, // told by the call itself
  );
  if (!(await settlesWithin(io.wait(), 0))) {
    if (await settlesWithin(over, lastReads)) return call;
    io.cancel();
  }
  if (await areAtEnd(io)) return call;
  await using _ = await discardOutputs(io.config);
  return await call;
}
