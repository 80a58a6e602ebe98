import { describe, expect, test } from "bun:test";
import { printedAsShown } from "../src/shown-output.ts";

const now = "2026-11-24T00:33:22.47Z";

describe("is as shown:", () => {
  test.each([
    ["hello\n", "hello\n"],
    ["2026-01-02T03:04:05.123+01:00 out\n", `${now} out\n`],
    [`${now} a\n${now} b\n`, "2027-01-01T00:00:00Z b\n2027-01-01T00:00:01Z a\n"],
    ["(pid 4711) failed: …\n\nthe end\n", "(pid 1) failed: this\nthat\n\nthe end\n"],
    ["too long for …\na line\n", "too long for this page in a line\n"],
  ])("%j, %j", (shown, printed) => {
    expect(printedAsShown(shown, printed)).toBe(true);
  });
});

describe("is not as shown:", () => {
  test.each([
    ["hello\n", ""],
    ["hello\n", "hello\nhello\n"],
    [`${now} a\n`, "a\n"],
    ["failed: …\nthe end\n", "failed: this\nthe end of all\n"],
  ])("%j, %j", (shown, printed) => {
    expect(printedAsShown(shown, printed)).toBe(false);
  });
});
