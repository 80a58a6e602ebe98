import { isWired } from "@taskio/core";
import { tell } from "../cli/print.ts";
import type { Followed } from "./followed.ts";
import { waitingBytes } from "./libc.ts";

/** How long other processes may hold the outputs of one that has ended, in ms, and write nothing. */
const grace = 1000;
const period = 200;

/**
 * Waits until all that a process wrote is on our outputs, however slow those are. Only a process that
 * it left behind with its outputs is not waited for.
 *
 * @returns the errno of an output that could not be written
 */
export async function drainOutputs(process: Followed): Promise<string | undefined> {
  const done = process.io.wait();
  if (!(await process.drain({ grace }))) {
    while (hasUnread(process)) {
      if (await Promise.race([done.then(() => true), Bun.sleep(period)])) return errnoOf(process);
    }
    tell("a process that was left behind still has the output, which is no longer shown");
    return undefined;
  }
  return errnoOf(process);
}

async function errnoOf(process: Followed): Promise<string | undefined> {
  const { stdout, stderr } = await process.io.wait();
  return stdout?.error?.errno ?? stderr?.error?.errno;
}

function hasUnread(process: Followed): boolean {
  if (process.hasUnread) return process.hasUnread();
  const { stdout, stderr } = process.io.config;
  return [stdout, stderr].filter(isWired).some((path) => path.startsWith("/") && unread(path) > 0);
}

function unread(path: string): number {
  try {
    return waitingBytes(path);
  } catch {
    return 0; // somebody has removed it
  }
}
