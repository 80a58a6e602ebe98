import { isWired, newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
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
const grace = { fifos: 1000, logger: 1000 };
const period = 100;
/** How long a hub may take to answer, in ms. */
const patience = 5000;

/**
 * Waits until the hub of a task that has ended has written all of its output to the log, as far as that can
 * be told: where no hub can be viewed, the log is as it is.
 *
 * @param socket of a hub that the task's Config does not tell
 */
export async function untilLogged(
  runtime: Runtime,
  { status }: FoundTask,
  socket?: string,
): Promise<void> {
  const { config } = status;
  let newest = performance.now();
  const see = () => void (newest = performance.now());
  const attach = newHubAttach(
    withStreams(undefined, see, see),
    withFIFODir(streamDirs(runtime).fifoDir),
    withHub({ readOnly: true, replay: 0, socket }),
  );
  const signal = AbortSignal.timeout(patience);
  const io = await attach(newFIFOSet(config), { signal }).catch(() => undefined);
  if (!io) return;
  const done = io.wait().then(() => true);
  const outputs = [config.stdout, config.stderr].filter(isWired);
  const hasFIFOs = outputs.every(isAbsolute);
  const start = performance.now();
  while (!(await Promise.race([done, Bun.sleep(period).then(() => false)]))) {
    const now = performance.now();
    if (hasFIFOs ? now > start + grace.fifos && hasWriter(outputs) : now > newest + grace.logger)
      break;
  }
  await io.detach();
}

function hasWriter(outputs: readonly string[]): boolean {
  const { holders, incomplete } = fifoHolders(outputs);
  return incomplete !== undefined || [...holders.values()].flat().some(({ writes }) => writes);
}
