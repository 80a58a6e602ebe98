import type { Client } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { print } from "../cli/print.ts";
import { awaitExit } from "../client/await-exit.ts";
import { type FoundTask, findTask } from "../client/find-task.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { outputKind } from "../client/output-kind.ts";
import { untilBack } from "../client/until-back.ts";
import { whereOutputGoes } from "../client/where-output-goes.ts";
import type { LogsOptions } from "../commands/logs.ts";

const chunkSize = 64 * 1024;
/** How often to look for more, in ms. */
const period = 50;

/** Prints what a task has written to its file. */
export async function logs(
  name: string,
  { follow = false, ...rest }: LogsOptions,
): Promise<number> {
  await using runtime = await openRuntime(rest);
  const found = await findTask(runtime.client, name);
  const { id } = found;
  const path = pathOf(found, runtime.client);
  await using file = await open(path).catch((error) => {
    throw TaskIOError.from(error, "NOT_FOUND", `open the output of the task "${name}"`);
  });
  const ended = follow ? untilEnd(runtime, id) : Promise.resolve();
  for (let over = !follow; ;) {
    printRest(file.fd);
    if (over) return 0;
    over = await Promise.race([ended.then(() => true), Bun.sleep(period).then(() => false)]);
  }
}

async function untilEnd(runtime: Runtime, id: string): Promise<void> {
  await awaitExit(runtime, await untilBack(runtime, () => runtime.client.loadTask(id)));
}

function printRest(fd: number): void {
  const chunk = new Uint8Array(chunkSize);
  for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
    print(chunk.subarray(0, size));
  }
}

/** @throws TaskIOError `NOT_ATTACHABLE` where there is no file */
function pathOf(found: FoundTask, client: Client): string {
  const { config } = found.status;
  if (outputKind(config) === "file") {
    const { stdout } = config;
    return stdout.startsWith("/") ? stdout : decodeURIComponent(new URL(stdout).pathname);
  }
  const where = whereOutputGoes(found, client);
  throw new TaskIOError("NOT_ATTACHABLE", `the output of the task "${found.name}" ${where}`);
}
