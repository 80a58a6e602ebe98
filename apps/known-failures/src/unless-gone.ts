import { TaskIOError } from "@taskio/core";

/** Waits for a call that ends something, which may be gone already. */
export async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof TaskIOError) || error.code !== "NOT_FOUND") throw error;
  }
}
