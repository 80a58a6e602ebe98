import { type Client, connect } from "@taskio/containerd";
import { messageOf } from "../cli/report-error.ts";
import { removeLog } from "../client/log-path.ts";
import { orNone } from "../client/or-none.ts";
import type { Census } from "./census.ts";
import { isUnchanged, type LogFile } from "./log-files.ts";

/** One that was to be removed, and why it is still there. */
export interface KeptLogFile extends LogFile {
  readonly reason: string;
}

/** Log files whose containers somebody else has removed, who doesn't know of them. */
export interface Logs {
  /** Nobody needs them. */
  readonly orphaned: readonly LogFile[];
  /** Those that were removed. */
  readonly removed: readonly LogFile[];
  /** Those that were to be removed, and are still there. */
  readonly kept: readonly KeptLogFile[];
}

/** Where to look and what to do. */
export interface LogsOptions {
  /** What was there before the census: a container is made before its file. */
  readonly files: readonly LogFile[];
  /** In ms. */
  readonly olderThan: number;
  readonly fix: boolean;
}

/** Looks for them, and removes them where it is to. */
export async function examineLogs(
  client: Client,
  { residents }: Census,
  { files, olderThan, fix }: LogsOptions,
): Promise<Logs> {
  const before = Date.now() - olderThan;
  const owners = new Set(residents.map(keyOf));
  const orphaned = files.filter(
    (file) => !owners.has(keyOf(file)) && file.changed <= before && isUnchanged(file),
  );
  if (!fix) return { orphaned, removed: [], kept: [] };
  const removed: LogFile[] = [];
  const kept: KeptLogFile[] = [];
  for (const file of orphaned) {
    const reason = await remove(client, file);
    if (reason === undefined) removed.push(file);
    else kept.push({ ...file, reason });
  }
  return { orphaned: [], removed, kept };
}

function keyOf({ namespace, id }: Pick<LogFile, "namespace" | "id">): string {
  return `${namespace}/${id}`; // neither has a slash
}

/** Removes one after another look right before, and gives why it is still there. */
async function remove({ address }: Client, file: LogFile): Promise<string | undefined> {
  const { namespace, id, path } = file;
  try {
    await using client = await connect({ address, namespace });
    if (await orNone(client.containers.get(id))) return "there is a container of that name again";
    if (!isUnchanged(file)) return "it has changed since it was found";
    removeLog(path);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
