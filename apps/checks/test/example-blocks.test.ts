import { describe, expect, setDefaultTimeout, test } from "bun:test";

import { type Example, examplesIn } from "../src/examples.ts";
import { WorkspaceExamples } from "../src/workspace-examples.ts";

setDefaultTimeout(300_000); // a process has a limit of its own, which tells more

describe("the examples of a text", () => {
  test("are the ts blocks of doc comments, without their margin", () => {
    const text = [
      "/**",
      " * @example",
      " * ```ts",
      " * f({",
      " *   a,",
      " *",
      " * });",
      " * ```",
      " */",
    ];
    expect(examplesIn(text.join("\n"), "x.ts")).toEqual([
      { file: "x.ts", line: 3, code: "f({\n  a,\n\n});\n", runs: true, imports: new Map() },
    ]);
  });

  test("are the ts blocks of a page, in lists too, and no other block", () => {
    const text = [
      "```sh",
      "x",
      "```",
      "- a",
      "  ```ts no-run",
      "  if (a)",
      "    b();",
      "  ```",
      "```tsx",
      "```",
    ];
    expect(examplesIn(text.join("\n"), "x.md")).toEqual([
      { file: "x.md", line: 5, code: "if (a)\n  b();\n", runs: false, imports: new Map() },
    ]);
  });

  test("must end", () => {
    expect(() => examplesIn("```ts\nf();\n", "x.md")).toThrow("the block of line 1 never ends");
  });
});

test("an example that imports a file has it from the block before that exports it", async () => {
  const page = [
    ...["```ts", "export const a = (): number => 1;", "```"],
    ...["```ts", 'import { a } from "./a.ts";', "console.log(a()); // 1", "```"],
  ];
  const examples = examplesIn(page.join("\n"), "x.md");
  await using folder = await WorkspaceExamples.make();
  expect(await folder.failure(examples[1]!)).toBe("");
  expect(await folder.check(examples)).toBe("");
});

describe("a wrong example is found:", () => {
  const example = (code: string): Example => examplesIn(`\`\`\`ts\n${code}\`\`\``, "x.md")[0]!;

  test.each([
    ["a throw", "throw new Error('no');\n", "exit code 1"],
    ["an untrue comment", "console.log(1 + 1); // 3\n", 'line 1 says "3" and prints ["2"]'],
    [
      "a line never reached",
      "if (Date.now() < 0) console.log(1); // 1\n",
      'says "1" and prints nothing',
    ],
    [
      "a failing test",
      'import { test } from "bun:test";\ntest("x", () => Promise.reject(1));\n',
      "exit code 1",
    ],
  ])("%s", async (_name, code, failure) => {
    await using folder = await WorkspaceExamples.make();
    expect(await folder.failure(example(code))).toContain(failure);
  });

  test("a type error", async () => {
    await using folder = await WorkspaceExamples.make();
    const wrong = example('import { validateID } from "@taskio/core";\nvalidateID(1);\n');
    expect(await folder.check([wrong])).toContain("x-md/line-1.ts(2,12): error TS2345");
  });
});
