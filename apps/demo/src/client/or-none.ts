import { isNotFound } from "./is-not-found.ts";

/** What a call gives, or undefined where what it is about is not there. */
export function orNone<T>(called: Promise<T>): Promise<T | undefined> {
  return called.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}
