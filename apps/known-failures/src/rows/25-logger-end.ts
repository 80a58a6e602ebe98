import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { allOver } from "../all-over.ts";
import { CtrTasks } from "../ctr-tasks.ts";
import { NamedTask } from "../named-task.ts";
import type { Row } from "../row.ts";
import { seconds } from "../seconds.ts";
import { TempFolder } from "../temp-folder.ts";

/** How long a logger has after SIGTERM, and how much more is taken for the same, in ms. */
const grace = 12_000;
const tolerance = 3_000;
/** Less than a pipe holds, so that the task has ended before its logger reads. */
const size = 60_000;
const command = ["sh", "-c", `head -c ${size} /dev/zero`];

export const loggerEnd: Row = {
  number: 25,
  issues: ["c#4159"],
  failure: "a logger is killed at once, with what it has not written yet",

  async taskio(world) {
    const loggers = await endEach(async (uri) => {
      await using task = new NamedTask(world.embedded);
      await task.runDetached("--io", uri, "--", ...command);
      await task.ok("wait", task.name);
      await task.ok("rm", task.name);
    });
    assert(isGood(loggers), shown(loggers));
    return shown(loggers);
  },

  async ctr(world) {
    await using tasks = new CtrTasks(world);
    const loggers = await endEach(async (uri) => {
      const id = await tasks.container(command);
      await world.ctr.run(tasks.start(id, "--log-uri", uri));
    });
    return { immune: isGood(loggers), seen: shown(loggers) };
  },
};

/** What became of the loggers. */
interface Loggers {
  /** How many bytes one has that begins to read a second after its SIGTERM. */
  readonly bytes: number;
  /** How long after its SIGTERM one was killed that goes on, in ms; undefined where it was not told. */
  readonly killedAfter: number | undefined;
}

/** @param log runs the command with a logger, and deletes it after its end */
async function endEach(log: (uri: string) => Promise<void>): Promise<Loggers> {
  using folder = new TempFolder();
  const [late, deaf] = [lateLogger(folder), deafLogger(folder)];
  const [, , killedAt] = await allOver([
    log(`binary://${late}`),
    log(`binary://${deaf}`),
    endOf(folder),
  ]);
  const toldAt = Number(folder.text("told"));
  return {
    bytes: folder.text("late.log").length,
    killedAfter: toldAt ? killedAt - toldAt : undefined,
  };
}

const untilTold = "printf '\\0' >&5; exec 5>&-; while :; do sleep 0.05; done";

/** Reads nothing before it is told to end, and then takes its time. */
function lateLogger(folder: TempFolder): string {
  const read = `sleep 1; cat <&3 > ${folder.file("late.log")}; exit`;
  return folder.script("late", `trap '${read}' TERM; ${untilTold}`);
}

/** Goes on when it is told to end. */
function deafLogger(folder: TempFolder): string {
  const tell = `[ -e ${folder.file("told")} ] || date +%s%3N > ${folder.file("told")}`;
  return folder.script(
    "deaf",
    `echo $$ > ${folder.file("pid")}; trap '${tell}' TERM; ${untilTold}`,
  );
}

/** Ends the logger that goes on, where nobody else does; gives the time of its end. */
async function endOf(folder: TempFolder): Promise<number> {
  await until(() => folder.text("pid").endsWith("\n"), "a logger", { ms: 30_000 });
  const pid = Number(folder.text("pid"));
  const isOver = () => !existsSync(`/proc/${pid}`);
  await until(isOver, "the end of a logger", { ms: 3 * grace }).catch(() =>
    process.kill(pid, "SIGKILL"),
  );
  return Date.now();
}

function isGood({ bytes, killedAfter = 0 }: Loggers): boolean {
  return bytes === size && Math.abs(killedAfter - grace) < tolerance;
}

function shown({ bytes, killedAfter }: Loggers): string {
  const end =
    killedAfter === undefined ? "no SIGTERM" : `SIGTERM, ${seconds(killedAfter)} later SIGKILL`;
  return `${end}; ${bytes} of ${size} bytes read after SIGTERM`;
}
