import { TaskIOError } from "@taskio/core";
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { removeLog } from "../client/log-path.ts";
import { abandon, type HubSpec, type HubStart } from "./hub-messages.ts";
import { HubReport } from "./hub-report.ts";
import { lines } from "./lines.ts";
import type { LogFile } from "./log-file.ts";
import { type OpenedHub, openHub } from "./open-hub.ts";
import { TaskWatch } from "./task-watch.ts";

/** How long the outputs of a task that was deleted may take to their end, in ms. */
const lastBytes = 2000;
/** What asks it to leave. */
const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Is the hub of a task, in a process of its own: reads the output for as long as the task is there,
 * writes the log and serves viewers. The first line of stdin says of which task; the end of stdin, that
 * its client is done with making it. A signal such as SIGTERM leaves the task to another hub.
 */
export async function runHub(): Promise<void> {
  const told = lines(Bun.stdin.stream());
  const first = await told.next();
  if (first.done) return; // whoever started this was killed
  const spec = JSON.parse(first.value) as HubSpec;
  const report = new HubReport(spec.log);
  await using watch = new TaskWatch(spec, report.add);
  const opened = await openHub(spec, watch, report).catch(sayFailure);
  if (!opened) return;
  process.on("uncaughtException", report.add).on("unhandledRejection", report.add);
  const terminated = new Promise<"left">((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve("left"));
  });
  say({ type: "ready" });
  const over = Promise.race([
    terminated,
    untilFailed(opened, report),
    untilOver(told, opened, watch),
  ]);
  await leave(spec, opened, over).catch(report.add);
}

type End = "abandoned" | "deleted" | "left";

/** Waits until there is no task any more, or until its client says that there will be none. */
async function untilOver(
  told: AsyncGenerator<string>,
  { hub }: OpenedHub,
  watch: TaskWatch,
): Promise<End> {
  let hasEnded = false;
  void hub.wait().then(() => (hasEnded = true));
  const { done, value } = await told.next();
  if (!done && value === abandon) return "abandoned";
  await watch.untilDeleted(() => hasEnded);
  return "deleted";
}

/** Waits until the output can't be read any more from here. What is left of it is for another hub. */
function untilFailed({ hub }: OpenedHub, report: HubReport): Promise<"left"> {
  return new Promise((resolve) => {
    void hub.wait().then(({ stdout, stderr }) => {
      const errors = [stdout?.error, stderr?.error];
      const failed = errors.find((error) => error?.code === "ENGINE_FAILED");
      if (!failed) return;
      report.add(failed);
      resolve("left");
    });
  });
}

async function leave(
  spec: HubSpec,
  { hub, log, logFile }: OpenedHub,
  over: Promise<End>,
): Promise<void> {
  const end = await over;
  if (end === "left") await hub.detach();
  if (end === "deleted") {
    await Promise.race([hub.wait(), sleep(lastBytes, undefined, { ref: false })]);
  }
  if (end !== "left") await hub.close();
  if (isOfNoUse(end, logFile)) removeLog(spec.log); // first: while it is open, it is nobody else's
  await log.close();
}

/** Such as the log of a task whose client was killed before it had made it. */
function isOfNoUse(end: End, { size }: LogFile): boolean {
  return (end === "abandoned" && size !== undefined) || (end === "deleted" && size === 0);
}

function sayFailure(error: unknown): undefined {
  const { code, message } = TaskIOError.from(error, "ENGINE_FAILED", "start the hub of a task");
  say({ type: "failed", code, message });
}

function say(start: HubStart): void {
  try {
    writeSync(1, `${JSON.stringify(start)}\n`);
  } catch {} // who started this is gone
}
