import { TaskIOError } from "@taskio/core";
import { constants } from "node:os";
import { printLines } from "../cli/print.ts";
import { findTask } from "../client/find-task.ts";
import { openRuntime } from "../client/open-runtime.ts";
import type { KillOptions } from "../commands/kill.ts";

/** Sends a signal to a task. */
export async function kill(name: string, { signal, ...options }: KillOptions): Promise<number> {
  const number = parseSignal(signal);
  await using runtime = await openRuntime(options);
  const { id, status } = await findTask(runtime, name);
  if (status.state === "stopped") {
    throw new TaskIOError("INVALID_ARGUMENT", `the task "${name}" is not running`);
  }
  const task = await runtime.client.loadTask(id);
  await task.kill(number);
  printLines(name);
  return 0;
}

/**
 * A signal's number, from a number or a name with or without `SIG`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function parseSignal(text: string): number {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, "")}` as keyof typeof constants.signals;
  const number = /^\d+$/.test(text) ? Number(text) : constants.signals[name];
  if (number >= 1 && number <= 64) return number;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid signal "${text}": give a name such as TERM, or a number from 1 to 64`,
  );
}
