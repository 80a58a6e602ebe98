import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "@taskio/test-support";
import { DefaultReports } from "./support/default-reports.ts";
import { PlayedRuntime } from "./support/played-runtime.ts";

const command = [process.execPath, join(import.meta.dir, "support/log-driver.ts")];
const folder = tempFolder();
const reports = new DefaultReports();
const path = folder.file("task.log");

beforeAll(() => {
  const big = Buffer.allocUnsafe(96 << 20); // takes gzip longer than the driver has
  for (let at = 0; at < big.length; at += 65_536) {
    crypto.getRandomValues(big.subarray(at, at + 65_536));
  }
  writeFileSync(path, big); // rotated at the first line
});
afterAll(() => {
  folder[Symbol.dispose]();
  reports[Symbol.dispose]();
});

test("a compression that takes too long at the end is left for the next time, and is no failure", async () => {
  using driver = new PlayedRuntime(["path", path, "drain", "300"], command);
  expect(await driver.readiness()).toEqual([0]);
  expect(await driver.task("echo one").exited).toBe(0);
  driver.child.kill("SIGTERM");
  driver.closeOutputs();
  expect([await driver.child.exited, await driver.child.stderr.text()]).toEqual([0, ""]);
  expect([`${path}.1`, `${path}.1.gz`].map(existsSync)).toEqual([true, false]);
  expect(existsSync(reports.path("test", driver.id))).toBe(false);
});
