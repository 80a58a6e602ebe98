import { expect, test } from "bun:test";
import { tempFolder } from "@taskio/test-support";
import { readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { untilWritten } from "../src/foreground/until-written.ts";

const seconds = (since: number) => (performance.now() - since) / 1000;

/** A file that another process has open. */
async function fileOf(script: string) {
  const folder = tempFolder();
  const path = folder.file("output.log");
  writeFileSync(path, "");
  const writer = Bun.spawn(["sh", "-c", script, "sh", path], { stdout: "pipe" });
  await writer.stdout.getReader().read(); // it has opened the file
  const file = await open(path);
  return {
    fd: file.fd,
    text: () => readFileSync(path, "utf8"),
    async [Symbol.asyncDispose]() {
      await file.close();
      writer.kill("SIGKILL");
      await writer.exited;
      folder[Symbol.dispose]();
    },
  };
}

test("who has the file open for writing is waited for: a shim that still copies into it", async () => {
  await using file = await fileOf('exec 3>>"$1"; echo up; sleep 0.3; echo late >&3');
  await untilWritten(file.fd);
  expect(file.text()).toBe("late\n");
});

test("who reads it is not", async () => {
  await using file = await fileOf('exec 3<"$1"; echo up; exec sleep 60');
  const start = performance.now();
  await untilWritten(file.fd);
  expect(seconds(start)).toBeLessThan(0.9);
});

test("who does not let go of it is waited for no longer than a moment", async () => {
  await using file = await fileOf('exec 3>>"$1"; echo up; exec sleep 60');
  const start = performance.now();
  await untilWritten(file.fd);
  expect(seconds(start)).toBeWithin(0.9, 20);
});
