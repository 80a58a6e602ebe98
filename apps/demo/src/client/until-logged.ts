import { isWired, newFIFOSet, TaskIOError, withFIFODir, withStreams } from "@taskio/core";
import { fifoHolders } from "@taskio/fifo/holders";
import { newHubAttach, withHub } from "@taskio/hub";
import { isAbsolute } from "node:path";
import type { FoundTask } from "./find-task.ts";
import type { Runtime } from "./open-runtime.ts";
import { streamDirs } from "./stream-dirs.ts";

/**
 * How long a process that was left behind may keep the outputs of a task that has ended, in ms; and how long
 * a logger's pipes may be quiet, which have no end before the task is deleted where a shim holds them.
 */
const grace = { fifos: 1000, logger: 300 };
const period = 100;

/**
 * Waits until the hub of a task that has ended has written all of its output to the log.
 *
 * @param socket of a hub that the task's Config does not tell
 */
export async function untilLogged(
  runtime: Runtime,
  { status }: FoundTask,
  socket?: string,
): Promise<void> {
  const { config } = status;
  const ignore = () => {};
  const attach = newHubAttach(
    withStreams(undefined, ignore, ignore),
    withFIFODir(streamDirs(runtime).fifoDir),
    withHub({ readOnly: true, replay: 0, socket }),
  );
  const io = await attach(newFIFOSet(config)).catch((error: unknown) => {
    if (error instanceof TaskIOError && isGone(error)) return undefined;
    throw error;
  });
  if (!io) return;
  const done = io.wait().then(() => true);
  const outputs = [config.stdout, config.stderr].filter(isWired);
  const hasFIFOs = outputs.every(isAbsolute);
  const deadline = performance.now() + (hasFIFOs ? grace.fifos : grace.logger);
  while (!(await Promise.race([done, Bun.sleep(period).then(() => false)]))) {
    if (performance.now() > deadline && (!hasFIFOs || hasWriter(outputs))) break;
  }
  await io.detach();
}

/** It was not there, or has just ended. */
function isGone({ code }: TaskIOError): boolean {
  return code === "NOT_FOUND" || code === "ENGINE_FAILED";
}

function hasWriter(outputs: readonly string[]): boolean {
  const { holders, incomplete } = fifoHolders(outputs);
  return incomplete !== undefined || [...holders.values()].flat().some(({ writes }) => writes);
}
