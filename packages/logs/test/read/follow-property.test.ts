import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "bun:test";
import { criFormat, rawFormat } from "../../src/index.ts";
import { numbered, rawNumbered } from "./support/cri-line.ts";
import { FollowedLog } from "./support/followed-log.ts";
import { numbers } from "./support/texts-of.ts";

/** What happens to a log: `write` appends some records, `wait` lets the reader look. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 30 }).map((count) => ({ what: "write", count })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { what: "rotate", count: 0 },
      { what: "compress", count: 0 },
      { what: "copy and truncate", count: 0 },
      { what: "remove", count: 0 },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 20 }).map((count) => ({ what: "wait", count })),
  },
);

test.each([
  ["cri", criFormat, numbered],
  ["raw", rawFormat, rawNumbered],
])(
  "a reader that follows gets each record once, whatever happens to the files: %s",
  async (_, format, lines) => {
    const steps = fc.array(step, { minLength: 5, maxLength: 25 });
    const property = fc.asyncProperty(steps, fc.boolean(), async (steps, isEarly) => {
      await using log = new FollowedLog();
      let written = 0;
      if (isEarly) log.follow({ format });
      for (const { what, count } of steps) {
        if (what === "write") log.append(lines(written + 1, (written += count)));
        else if (what === "wait") await Bun.sleep(count);
        else if (existsSync(log.path)) await change(log, what, () => log.texts.length === written);
      }
      if (!isEarly) log.follow({ format });
      log.append(lines(written + 1, ++written));
      expect(await log.end()).toEqual(numbers(1, written));
    });
    await fc.assert(property, { numRuns: 40 });
  },
  60_000,
);

async function change(log: FollowedLog, what: string, isRead: () => boolean): Promise<void> {
  const { path } = log;
  if (what === "remove") {
    if (!isRead()) return; // what is removed unread is lost, of course
    rmSync(path);
  } else if (what === "compress") {
    if (!existsSync(`${path}.1`)) return;
    writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
    rmSync(`${path}.1`);
  } else {
    shift(path);
    if (what === "rotate") return renameSync(path, `${path}.1`);
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
  }
}

function shift(path: string): void {
  let last = 1;
  while (existsSync(`${path}.${last}`) || existsSync(`${path}.${last}.gz`)) last++;
  for (let n = last - 1; n >= 1; n--) {
    for (const gz of ["", ".gz"]) {
      if (existsSync(`${path}.${n}${gz}`)) renameSync(`${path}.${n}${gz}`, `${path}.${n + 1}${gz}`);
    }
  }
}
