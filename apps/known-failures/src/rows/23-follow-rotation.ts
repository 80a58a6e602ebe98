import type { LogRecord } from "@taskio/logs";
import { CountedOutput, countingCommand } from "@taskio/testkit";
import { until } from "@taskio/test-support";
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { allOver } from "../all-over.ts";
import { expectCounted } from "../expect-counted.ts";
import { LoggedTask } from "../logged-task.ts";
import { reason } from "../reason.ts";
import type { Row } from "../row.ts";
import { TempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

/** How many lines are written between two rotations by others: more than a reader takes at once. */
const burst = 4000;
const newline = 10;

/** ctr has nothing that reads logs. */
export const followRotation: Row = {
  number: 23,
  issues: ["n#2903", "n#3199", "c#8872", "m#45728", "k8s#107943"],
  failure: "following a log stops when it is rotated",

  async taskio(world) {
    using folder = new TempFolder();
    const rotations = await rotatedBySize(world, folder, false);
    const compressed = await rotatedBySize(world, folder, true);
    const times = world.times(100, 5);
    const byOthers = Object.entries(ways).map(async ([name, way]) => {
      const rotating = rotatedByOthers(world, folder, way, times);
      await rotating.catch((error) => assert.fail(`${name}: ${reason(error)}`));
    });
    await allOver(byOthers);
    const bySize = `${rotations} rotations by size, ${compressed} with gzip`;
    return `each line once: ${bySize}; ${Object.keys(ways).join(", ")}: ${times} times each`;
  },
};

/** The task writes at full speed, and nothing of its log is removed. */
async function rotatedBySize(world: World, folder: TempFolder, compress: boolean): Promise<number> {
  const lines = world.times(1_000_000, 100_000);
  const options = { maxSize: 256 << 10, maxFiles: 10_000, compress };
  await using logged = await LoggedTask.create(world, folder, countingCommand(lines), options);
  const followed = new CountedOutput();
  await logged.run(({ data }) => followed.push(data));
  followed.end(lines);
  await expectCounted(logged.path, lines);
  const { length } = rotated(logged.path);
  assert(length > 0, "the log was not rotated");
  return length;
}

/** How somebody else than its writer rotates a log. */
interface Way {
  /** Whether what was written before is kept. */
  readonly keeps: boolean;
  /** @param driver the process that writes it */
  rotate(path: string, driver: number): Promise<void> | void;
}

const ways: Readonly<Record<string, Way>> = {
  rename: {
    keeps: true,
    rotate(path, driver) {
      makeRoom(path);
      renameSync(path, `${path}.1`);
      return reopened(path, driver);
    },
  },
  copytruncate: {
    keeps: true,
    rotate(path) {
      makeRoom(path);
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    },
  },
  delete: {
    keeps: false,
    rotate(path, driver) {
      unlinkSync(path);
      return reopened(path, driver);
    },
  },
};

/** Has `.1` free, by calling that `.2`, and so on. */
function makeRoom(path: string): void {
  for (let n = rotated(path).length; n > 0; n--) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
}

function rotated(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
}

async function reopened(path: string, driver: number): Promise<void> {
  process.kill(driver, "SIGHUP");
  await until(() => existsSync(path), "the new file of a log");
}

/** At each rotation the last line lacks its newline: it is in the next file. */
const bursts = `
  i=0 more=1 && trap more=1 USR1 && trap 'echo; exit' TERM
  while :; do
    if [ $more ]; then
      more= to=$((i + ${burst}))
      [ $i = 0 ] || echo
      while i=$((i + 1)) && [ $i -lt $to ]; do echo $i; done
      printf $i
    fi
    sleep 0.01
  done`;

/** At each rotation the reader is at the start of the file. */
async function rotatedByOthers(
  world: World,
  folder: TempFolder,
  { keeps, rotate }: Way,
  times: number,
): Promise<void> {
  const lines = (times + 1) * burst;
  const rotations = Array.from({ length: times }, () => Promise.withResolvers<void>());
  await using logged = await LoggedTask.create(world, folder, ["sh", "-c", bursts]);
  const { task, path } = logged;
  const followed = new CountedOutput();
  let seen = 0; // lines
  const see = ({ data }: LogRecord) => {
    followed.push(data);
    if (data.at(-1) === newline) seen++;
    return rotations[Math.floor(seen / burst)]?.promise;
  };
  const written = (line: number) => {
    const isThere = () => existsSync(path) && readFileSync(path, "latin1").endsWith(` P ${line}\n`);
    return until(isThere, `line ${line} in the log`);
  };
  const rotateAll = async () => {
    for (const [at, { resolve }] of rotations.entries()) {
      await written((at + 1) * burst);
      await until(() => seen >= (at * burst || 1), "a reader that has the file open");
      await rotate(path, logged.driver.pid);
      resolve();
      await task.kill("SIGUSR1");
    }
    await written(lines);
    await task.kill("SIGTERM");
  };
  await logged.run(see, () => rotateAll().finally(() => rotations.forEach(release)));
  followed.end(lines);
  if (keeps) await expectCounted(path, lines);
}

function release({ resolve }: PromiseWithResolvers<void>): void {
  resolve();
}
