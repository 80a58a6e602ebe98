import { type Config, TaskIOError } from "@taskio/core";
import type { Client } from "@taskio/containerd";
import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { print } from "../cli/print.ts";
import { findTask } from "../client/find-task.ts";
import { openRuntime } from "../client/open-runtime.ts";
import type { LogsOptions } from "../commands/logs.ts";

const chunkSize = 64 * 1024;
/** How often to look for more, in ms. */
const period = 50;

/** Prints what a task has written to its file. */
export async function logs(id: string, { follow = false, ...rest }: LogsOptions): Promise<number> {
  await using runtime = await openRuntime(rest);
  const { status } = await findTask(runtime.client, id);
  const path = pathOf(id, status.config);
  await using file = await open(path).catch((error) => {
    throw TaskIOError.from(error, "NOT_FOUND", `open the output of the task "${id}"`);
  });
  const ended = follow ? untilEnd(runtime.client, id) : Promise.resolve();
  for (let over = !follow; ;) {
    printRest(file.fd);
    if (over) return 0;
    over = await Promise.race([ended.then(() => true), Bun.sleep(period).then(() => false)]);
  }
}

async function untilEnd(client: Client, id: string): Promise<void> {
  const task = await client.loadTask(id);
  await task.wait();
}

function printRest(fd: number): void {
  const chunk = new Uint8Array(chunkSize);
  for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
    print(chunk.subarray(0, size));
  }
}

/** @throws TaskIOError `NOT_ATTACHABLE` where there is no file */
function pathOf(id: string, { stdout }: Config): string {
  if (stdout.startsWith("file://")) return decodeURIComponent(new URL(stdout).pathname);
  const scheme = /^[a-z0-9.+-]+:\/\//i.exec(stdout)?.[0];
  const why = scheme
    ? `goes to a ${scheme} stream`
    : stdout.startsWith("/") && stdout !== "/dev/null"
      ? `is not kept in a file: see it with "taskio attach ${id}"`
      : "is thrown away";
  throw new TaskIOError("NOT_ATTACHABLE", `the output of the task "${id}" ${why}`);
}
