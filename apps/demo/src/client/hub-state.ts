import type { Container, ProcessStatus } from "@taskio/containerd";
import { type Config, isWired } from "@taskio/core";
import { hubSocketPath } from "@taskio/fifo/holders";
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { labels, set } from "./labels.ts";

/** Whether the hub of a task is there; null where it has none by what its container says. */
export async function hubState(
  { labels: its }: Pick<Container, "labels">,
  status: ProcessStatus | undefined,
): Promise<"running" | "dead" | null> {
  if (its[labels.hub] !== set || !status) return null;
  const path = hubPath(status.config);
  return path !== undefined && (await answers(path)) ? "running" : "dead";
}

/** Where the hub of a task with that Config would be; undefined where it can have none. */
export function hubPath({ stdin, stdout, stderr }: Config): string | undefined {
  const path = [stdout, stderr, stdin].find(isWired);
  return path !== undefined && isAbsolute(path) ? hubSocketPath(path) : undefined;
}

/** Whether a hub listens there. */
export async function answers(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  try {
    (await Bun.connect({ unix: path, socket: { data() {} } })).terminate();
    return true;
  } catch {
    return false;
  }
}
