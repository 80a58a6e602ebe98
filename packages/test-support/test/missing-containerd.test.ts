import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingContainerd } from "../src/index.ts";
import { describeWithDaemon } from "./support/describe-with-daemon.ts";

describeWithDaemon("where containerd can run", () => {
  test("a folder without it is named, and $PATH is not tried", () => {
    const before = process.env["TASKIO_TEST_CONTAINERD"];
    const folder = join(tmpdir(), "no-such-folder");
    try {
      process.env["TASKIO_TEST_CONTAINERD"] = folder;
      expect(missingContainerd()).toContain(join(folder, "containerd"));
    } finally {
      if (before === undefined) delete process.env["TASKIO_TEST_CONTAINERD"];
      else process.env["TASKIO_TEST_CONTAINERD"] = before;
    }
  });
});
