import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { validateID } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

test.each(["a", "0", "A", "web-1", "web_1", "web.1", "a-b.c_d", "0-0", "x".repeat(76)])(
  "%j is an id",
  (id) => expect(thrown(() => validateID(id))).toBeUndefined(),
);

describe("refused with INVALID_ID is", () => {
  const invalid: [string, unknown][] = [
    ["nothing", ""],
    ["77 characters", "x".repeat(77)],
    ["a separator first", "-a"],
    ["a separator last", "a-"],
    ["two separators", "a--b"],
    ["two different separators", "a.-b"],
    ["a path", "a/b"],
    ["a parent folder", ".."],
    ["a space", "a b"],
    ["a line end after it", "a\n"],
    ["a line end before it", "\na"],
    ["a NUL", "a\0"],
    ["a letter that is not ASCII", "é"],
    ["a digit that is not ASCII", "٣"],
    ["a number", 1],
    ["undefined", undefined],
    ["an object that reads as one", { toString: () => "a", length: 1 }],
  ];
  test.each(invalid)("%s", (_, id) => {
    expect(thrown(() => validateID(id as string))).toMatchObject({
      name: "TaskIOError",
      code: "INVALID_ID",
      message: `invalid id ${JSON.stringify(id)}: use letters and digits with single ".", "_" or "-" between them, at most 76 characters`,
    });
  });
});

test("an id is what containerd's identifiers package says", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9._/ -]{0,8}$/);
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join("-")),
      (id) => {
        const pieces = id.split(/[._-]/);
        const valid = id.length <= 76 && pieces.every((piece) => /^[A-Za-z0-9]+$/.test(piece));
        expect(thrown(() => validateID(id)) === undefined).toBe(valid);
      },
    ),
  );
});
