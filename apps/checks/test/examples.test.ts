import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { allExamples, type Example } from "../src/examples.ts";
import { WorkspaceExamples } from "../src/workspace-examples.ts";

setDefaultTimeout(300_000); // a process has a limit of its own, which tells more

const atOnce = 4;
const examples = await allExamples();
const runnable = examples.filter(({ runs }) => runs);
const failures = new Map<Example, string>();
let folder: WorkspaceExamples;

beforeAll(async () => {
  folder = await WorkspaceExamples.make();
  const queue = runnable.values();
  const work = async () => {
    for (const example of queue) failures.set(example, await folder.failure(example));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
});
afterAll(() => folder[Symbol.asyncDispose]());

test("there are examples", () => {
  expect(runnable.length).toBeGreaterThan(20);
});

test("every example type-checks", async () => {
  expect(await folder.check(examples)).toBe("");
});

describe("every example does what it says:", () => {
  test.each(runnable.map((example) => [`${example.file}:${example.line}`, example] as const))(
    "%s",
    (_at, example) => {
      expect(failures.get(example)).toBe("");
    },
  );
});
