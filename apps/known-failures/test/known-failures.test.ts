import { missingContainerd } from "@taskio/test-support";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { rows } from "../src/rows.ts";
import { World } from "../src/world.ts";

const missing = missingContainerd();
const title = `immune to ${missing ? `(skipped: ${missing})` : ""}`.trim();

describe.skipIf(missing !== undefined)(title, () => {
  let world: World | undefined;
  beforeAll(async () => {
    world = await World.start({ full: process.env.TASKIO_KNOWN_FAILURES === "full" });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  for (const row of rows) {
    test(`${row.number}. ${row.failure} (${row.issues.join(", ")})`, async () => {
      const resources = world!.resources();
      await row.taskio(world!);
      await world!.expectBackTo(resources);
    });
  }
});

test("every known failure is tried", () => {
  const numbers = rows.map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: 34 }, (_, at) => at + 1));
});

test("the README shows every row, as one that taskio is immune to", async () => {
  const readme = await Bun.file(join(import.meta.dir, "../../../README.md")).text();
  for (const { number, issues, failure } of rows) {
    const line = readme.split("\n").find((text) => new RegExp(`^\\| ${number} +\\|`).test(text));
    const cells = line?.split(" | ").map((cell) => cell.trim());
    expect(cells?.slice(1, 3)).toEqual([issues.join(", "), failure]);
    expect(cells?.[3]).toStartWith("✓ ");
  }
});
