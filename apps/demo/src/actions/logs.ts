import { TaskIOError } from "@taskio/core";
import { open } from "node:fs/promises";
import { print } from "../cli/print.ts";
import { awaitExit } from "../client/await-exit.ts";
import { type FoundTask, findTask } from "../client/find-task.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { outputKind } from "../client/output-kind.ts";
import { untilBack } from "../client/until-back.ts";
import { whereOutputGoes } from "../client/where-output-goes.ts";
import type { LogsOptions } from "../commands/logs.ts";
import { readLog } from "../foreground/read-log.ts";
import { untilWritten } from "../foreground/until-written.ts";

/** Prints what a task has written to its file. */
export async function logs(
  name: string,
  { follow = false, ...rest }: LogsOptions,
): Promise<number> {
  await using runtime = await openRuntime(rest);
  const found = await findTask(runtime, name);
  const { id } = found;
  const path = pathOf(found, runtime);
  await using file = await open(path).catch((error) => {
    throw TaskIOError.from(error, "NOT_FOUND", `open the output of the task "${name}"`);
  });
  // On the embedded runtime a process has the file itself.
  const written = () => (runtime.embedded ? undefined : untilWritten(file.fd));
  const hasEnded = found.status.state === "stopped";
  const ended = follow ? untilEnd(runtime, id).then(written) : hasEnded ? written() : undefined;
  for await (const chunk of readLog(file, ended)) print(chunk);
  return 0;
}

async function untilEnd(runtime: Runtime, id: string): Promise<void> {
  await awaitExit(runtime, await untilBack(runtime, () => runtime.client.loadTask(id)));
}

/** @throws TaskIOError `NOT_ATTACHABLE` where there is no file */
function pathOf(found: FoundTask, runtime: Runtime): string {
  const { config } = found.status;
  if (outputKind(config) === "file") {
    const { stdout } = config;
    return stdout.startsWith("/") ? stdout : decodeURIComponent(new URL(stdout).pathname);
  }
  const where = whereOutputGoes(found, runtime);
  throw new TaskIOError("NOT_ATTACHABLE", `the output of the task "${found.name}" ${where}`);
}
