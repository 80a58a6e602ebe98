import type { TaskIOError } from "@taskio/core";
import { LiveFile } from "./live-file.ts";
import type { LogWriterSettings } from "./log-writer-settings.ts";

/** Between two looks whether another writer has closed the file, in ms. */
const pause = 20;

/** As `LiveFile.open`, which waits for another writer's end as long as the settings say. */
export async function openLiveFile(
  settings: LogWriterSettings,
  signal?: AbortSignal,
): Promise<LiveFile> {
  const deadline = performance.now() + settings.lockMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return LiveFile.open(settings);
    } catch (error) {
      if ((error as TaskIOError).code !== "IN_USE" || performance.now() >= deadline) throw error;
    }
    await Bun.sleep(pause);
  }
}
