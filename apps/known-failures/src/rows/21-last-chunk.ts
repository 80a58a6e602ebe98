import { readLogs, type LogRecord } from "@taskio/logs";
import { CtrTasks } from "../ctr-tasks.ts";
import { expectSame } from "../expect-same.ts";
import { inLanes } from "../in-lanes.ts";
import { LoggedTask } from "../logged-task.ts";
import { NamedTask } from "../named-task.ts";
import type { Program } from "../program.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import { textOf } from "../text-of.ts";
import type { World } from "../world.ts";

const lanes = 4;
/** Without a newline at its end. */
const text = "a\nb";
const command = ["printf", "a\\nb"];
const growing = ["sh", "-c", "printf 'a\\nb'; sleep 1; printf c"];
/** Of our log driver's. */
const formats = ["cri", "json-file", "raw"] as const;

export const lastChunk: Row = {
  number: 21,
  issues: ["n#2313", "n#5006", "n PR#5009", "n#4201", "n PR#4785"],
  failure: "the last line of a log is lost, or gets a newline, where it has none",

  async taskio(world) {
    using folder = new TempFolder();
    for (const taskio of [world.embedded, world.taskio]) {
      await whileItGrows(taskio);
      await inGivenFile(taskio, folder);
    }
    const count = world.times(100, 4);
    const texts = await inLanes(count, lanes, (at) => throughLogger(world.embedded, folder, at));
    expectSame([...new Set(texts)], [text], "what the loggers got");
    await inLanes(formats.length, lanes, (at) =>
      throughDriver(world, folder, formats[at]!, growing, `${text}c`),
    );
    await inLanes(count, lanes, (at) =>
      throughDriver(world, folder, formats[at % formats.length]!, command, text),
    );
    return `exact: logs, logs -f, file://, ${count} loggers, ${count + formats.length} log drivers of @taskio/logs`;
  },

  /** It has no `logs`: what the file has. */
  async ctr(world) {
    using folder = new TempFolder();
    const file = folder.file("log");
    await using tasks = new CtrTasks(world);
    const id = await tasks.container(command);
    await world.ctr.run(tasks.start(id, "--log-uri", `file://${file}`));
    const inFile = folder.text("log") === text;
    const count = world.times(100, 4);
    const texts = await inLanes(count, lanes, (at) => throughCtrsLogger(world, tasks, folder, at));
    return {
      immune: inFile && exact(texts) === count,
      seen: `file:// ${inFile ? "exact" : "not exact"}; ${exact(texts)} of ${count} loggers exact`,
    };
  },
};

function exact(texts: readonly string[]): number {
  return texts.filter((found) => found === text).length;
}

async function whileItGrows(taskio: Program): Promise<void> {
  await using task = new NamedTask(taskio);
  await task.runDetached("--", ...growing);
  expectSame(await task.ok("logs", "-f", task.name), `${text}c`, "logs -f while it runs");
  expectSame(await task.ok("logs", "-f", task.name), `${text}c`, "logs -f after its end");
  expectSame(await task.ok("logs", task.name), `${text}c`, "logs");
}

async function inGivenFile(taskio: Program, folder: TempFolder): Promise<void> {
  await using task = new NamedTask(taskio);
  const file = folder.file(task.name);
  await task.runDetached("--io", `file://${file}`, "--", ...command);
  await task.ok("wait", task.name);
  expectSame(await task.ok("logs", task.name), text, "logs of the file");
  expectSame(folder.text(task.name), text, "the file");
}

/** A plain logger of lines: what has no newline is written at the end, and no signal is trapped. */
function logger(folder: TempFolder, name: string): string {
  const file = folder.file(name);
  const copy = `exec 5>&-
    while IFS= read -r line <&3; do printf '%s\\n' "$line" >> ${file}; done
    printf %s "$line" >> ${file}`;
  return `binary://${folder.script(`${name}.sh`, copy)}`;
}

async function throughLogger(taskio: Program, folder: TempFolder, at: number): Promise<string> {
  await using task = new NamedTask(taskio);
  const name = `by-logger-${at}`;
  await task.runDetached("--io", logger(folder, name), "--", ...command);
  await task.ok("wait", task.name);
  await task.ok("rm", task.name);
  return folder.text(name);
}

/** Its log is read while it grows, and after its end. */
async function throughDriver(
  world: World,
  folder: TempFolder,
  format: string,
  args: readonly string[],
  expected: string,
): Promise<void> {
  await using logged = await LoggedTask.create(world, folder, args, { format });
  const records: LogRecord[] = [];
  await logged.run((record) => void records.push(record));
  expectSame(textOf(records), expected, `a log of the format ${format}, followed`);
  const read = await Array.fromAsync(readLogs(logged.path));
  expectSame(textOf(read), expected, `a log of the format ${format}`);
}

async function throughCtrsLogger(
  world: World,
  tasks: CtrTasks,
  folder: TempFolder,
  at: number,
): Promise<string> {
  const name = `by-ctrs-logger-${at}`;
  const id = await tasks.container(command);
  await world.ctr.run(tasks.start(id, "--log-uri", logger(folder, name)));
  return folder.text(name);
}
