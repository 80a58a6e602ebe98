import { isNotFound } from "./rpc-error.ts";

/** What was asked for, or undefined where it is not there. */
export async function orNone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
