import { expect, test } from "bun:test";
import { cleanPath } from "../src/clean-path.ts";

test.each([
  ["/", "/"],
  ["//x//y/", "/x/y"],
  ["/a/../..", "/"],
  ["/a/./b/.", "/a/b"],
  ["/../a", "/a"],
  ["/a/...", "/a/..."],
  ["/a /b", "/a /b"],
])("%s is %s", (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});
