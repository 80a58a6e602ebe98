import { describe, expect, test } from "bun:test";
import { thrown } from "@taskio/test-support";
import { defaultDetachKeys, parseDetachKeys } from "../src/index.ts";
import { invalidArgument } from "./support/invalid-argument.ts";

const keys: [string, number[]][] = [
  [defaultDetachKeys, [16, 17]],
  ["", []],
  ["a", [97]],
  ["a,b,C", [97, 98, 67]],
  ["ctrl-@", [0]],
  ["ctrl-a,ctrl-z", [1, 26]],
  ["ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", [27, 28, 29, 30, 31]],
  ["DEL", [127]],
  ["~,.", [126, 46]],
  [" ", [32]],
];

test.each(keys)("%j is %p", (text, expected) => {
  expect([...parseDetachKeys(text)]).toEqual(expected);
});

test("every control character has its key", () => {
  const names = Array.from("@abcdefghijklmnopqrstuvwxyz[\\]^_", (name) => `ctrl-${name}`);
  expect([...parseDetachKeys(names.join(","))]).toEqual(Array.from(names, (_, code) => code));
});

describe("refused, naming the key", () => {
  test.each([
    ["ctrl-P", "ctrl-P"],
    ["ctrl-p,ctrl-1", "ctrl-1"],
    ["ctrl-,a", "ctrl-"],
    ["ctrl-ab", "ctrl-ab"],
    ["a,,b", ""],
    [",", ""],
    ["a, b", " b"],
    ["del", "del"],
    ["é", "é"],
    ["F1", "F1"],
  ])("%j", (text, key) => {
    const part = `invalid detach key ${JSON.stringify(key)} in ${JSON.stringify(text)}`;
    expect(thrown(() => parseDetachKeys(text))).toEqual(invalidArgument(part));
  });

  test("what is no string", () => {
    expect(thrown(() => parseDetachKeys(undefined as never))).toEqual(invalidArgument("undefined"));
  });
});
