import { describe, expect, test } from "bun:test";
import { expectedOutput, instrumented, saysTheTruth } from "../src/expected-output.ts";

test("the comments of console.log lines are what is expected, by line", () => {
  const code = [
    'import { x } from "y";',
    "console.log(x(1, 2)); // 3",
    "x(3); // 4",
    "if (x) console.log(x, `a // b`); // 5 6",
    "console.log(x);",
  ].join("\n");
  expect([...expectedOutput(code)]).toEqual([
    [2, "3"],
    [4, "5 6"],
  ]);
  expect(instrumented(code).split("\n")).toEqual([
    'import { x } from "y";',
    "logAt(2)(x(1, 2)); // 3",
    "x(3); // 4",
    "if (x) logAt(4)(x, `a // b`); // 5 6",
    "console.log(x);",
  ]);
});

describe("a comment is true", () => {
  test.each([
    ["6", "6"],
    ['"function"', "function"],
    ["hello", "hello\n"],
    ["/tmp/…/task-1-stdout", "/tmp/a1B2/task-1-stdout"],
    ['{ bytes: 5, end: "eof" }', '{\n  bytes: 5,\n  end: "eof",\n}'],
    ["what the runtime is told", "{}"],
  ])("%j of %j", (comment, printed) => {
    expect(saysTheTruth(comment, [printed])).toBe(true);
  });
});

describe("a comment is a lie", () => {
  test.each([
    ["6", "7"],
    ["hello world", "goodbye world"],
    ["/tmp/…/task-1-stdout", "/tmp/a1B2/task-1-stderr"],
    ["1.5", "125"],
    ["{}", "{ stdout: {} }"],
  ])("%j of %j", (comment, printed) => {
    expect(saysTheTruth(comment, [printed])).toBe(false);
  });

  test("where nothing was printed", () => {
    expect(saysTheTruth("6", [])).toBe(false);
    expect(saysTheTruth("what the runtime is told", [])).toBe(false);
  });

  test("where one of many lines differs", () => {
    expect(saysTheTruth("6", ["6", "7"])).toBe(false);
  });
});
