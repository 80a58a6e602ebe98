import type { TaskIOError } from "@taskio/core";
import { rejection } from "@taskio/test-support";

/** The error of taskio that a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<TaskIOError> {
  return (await rejection(promise)) as TaskIOError;
}
