import { lstat, rmdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { Config } from "@taskio/core";

/**
 * Removes the FIFOs of a process that is gone, and their folder if nothing else is in it. What is no
 * FIFO stays (c#4123).
 */
export async function removeFIFOs({ stdin, stdout, stderr }: Config): Promise<void> {
  const errors: unknown[] = [];
  const attempt = (work: Promise<unknown>, ...fine: string[]) =>
    work.catch((error) => fine.includes(error.code) || errors.push(error));
  const folders = new Set<string>();
  for (const path of new Set([stdin, stdout, stderr])) {
    const stats = path.startsWith("/") ? await lstat(path).catch(() => undefined) : undefined;
    if (!stats?.isFIFO()) continue;
    folders.add(dirname(path));
    await attempt(unlink(path), "ENOENT");
  }
  for (const folder of folders) await attempt(rmdir(folder), "ENOENT", "ENOTEMPTY", "EBUSY");
  if (errors.length > 0) throw new AggregateError(errors, "failed to remove FIFOs of a task");
}
