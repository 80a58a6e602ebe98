import { newFIFOSet } from "@taskio/core";
import { removeFIFOs } from "@taskio/fifo/holders";
import { type Hub, hubSocket, newHub } from "@taskio/hub";
import { type LogWriter, openLogWriter } from "@taskio/logs";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { HubReport } from "./hub-report.ts";
import type { HubSpec } from "./hub-messages.ts";
import { LogFile } from "./log-file.ts";
import { logSettings } from "./log-settings.ts";
import { newestOnly } from "./newest-only.ts";
import type { TaskWatch } from "./task-watch.ts";

/** A hub, and the log that it writes. */
export interface OpenedHub {
  readonly hub: Hub;
  readonly log: LogWriter;
  readonly logFile: LogFile;
}

/**
 * Takes the output of a task. Closing the hub removes the task's FIFOs.
 *
 * @throws TaskIOError `IN_USE` where another hub or reader has it, and as `openLogWriter` and `newHub` do
 */
export async function openHub(
  { config, log: path }: HubSpec,
  watch: TaskWatch,
  report: HubReport,
): Promise<OpenedHub> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const log = await openLogWriter(path, {
    ...logSettings,
    onLoss: ({ bytes, error, over }) =>
      report.add(
        `${bytes} bytes are not in the log ${over ? "in all" : "so far"}: ${error.message}`,
      ),
    onError: report.add,
  });
  const { stdin, stdout, stderr, terminal } = config;
  const folder = dirname(hubSocket(config));
  const fifos = newFIFOSet(config, () => removeFIFOs([stdin, stdout, stderr], [folder]));
  try {
    const logFile = new LogFile(path);
    const hub = await newHub(fifos, {
      log,
      onResize: newestOnly(({ width: columns, height: rows }) =>
        watch.tell(async (client, id) => (await client.loadTask(id)).resize({ columns, rows })),
      ),
      onStdinEnd: () => {
        if (terminal) return; // it would be hung up
        void watch.tell(async (client, id) => (await client.loadTask(id)).closeIO());
      },
    });
    return { hub, log, logFile };
  } catch (error) {
    await log.close();
    throw error;
  }
}
