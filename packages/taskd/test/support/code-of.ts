import { type Code, ConnectError } from "@connectrpc/connect";

/** The code that a call fails with, undefined when it doesn't. */
export async function codeOf(call: Promise<unknown>): Promise<Code | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof ConnectError) return error.code;
    throw error;
  }
}
