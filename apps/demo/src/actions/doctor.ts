import { TaskIOError } from "@taskio/core";
import { print } from "../cli/print.ts";
import { shellWord } from "../cli/shell-word.ts";
import { logDir } from "../client/log-path.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { streamDirs } from "../client/stream-dirs.ts";
import { defaultMinutes, type DoctorOptions } from "../commands/doctor.ts";
import { asJSON } from "../doctor/as-json.ts";
import { takeCensus } from "../doctor/census.ts";
import { type Diagnosis, isHealthy } from "../doctor/diagnosis.ts";
import { fifoDirs, namedPaths } from "../doctor/fifo-dirs.ts";
import { examineFolders } from "../doctor/folders.ts";
import { logFilesIn } from "../doctor/log-files.ts";
import { examineLogs } from "../doctor/logs.ts";
import { render } from "../doctor/report/render.ts";
import { runtimeFacts } from "../doctor/runtime-facts.ts";
import { examineStreams } from "../doctor/streams.ts";

/** Says what is wrong with a runtime's streams, and puts right what can be. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const olderThan = parseMinutes(options.olderThan);
  await using runtime = await openRuntime(options);
  const diagnosis = await examine(runtime, options, olderThan);
  const { client } = runtime;
  const called = {
    options: runtime.options,
    namespace: client.namespace,
    again: again(options),
  };
  print(options.json ? asJSON(diagnosis) : render(diagnosis, called));
  return isHealthy(diagnosis) ? 0 : 1;
}

async function examine(
  runtime: Runtime,
  { fifoDir = [], fix = false }: DoctorOptions,
  olderThan: number,
): Promise<Diagnosis> {
  const { client } = runtime;
  const facts = await runtimeFacts(runtime);
  const files = logFilesIn(await logDir(runtime));
  const census = await takeCensus(client);
  const named = namedPaths(census);
  const dirs = fifoDirs(runtime, named, fifoDir);
  const examined = { client, embedded: facts.kind === "embedded" };
  const streams = await examineStreams(examined, census, dirs);
  const ownDir = runtime.embedded ? streamDirs(runtime).fifoDir : undefined;
  const folders = await examineFolders({ dirs, ownDir, named, olderThan, fix });
  const logs = await examineLogs(client, census, { files, olderThan, fix });
  return { runtime: facts, census, streams, folders, logs };
}

/** What another run needs to see the same. */
function again({ olderThan, fifoDir = [] }: DoctorOptions): string {
  const age = olderThan === defaultMinutes ? "" : ` --older-than ${olderThan}`;
  return [age, ...fifoDir.map((dir) => ` --fifo-dir ${shellWord(dir)}`)].join("");
}

/** @returns ms */
function parseMinutes(text: string): number {
  const minutes = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(minutes) && minutes >= 0) return minutes * 60_000;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid --older-than "${text}": give minutes, 0 or more`,
  );
}
