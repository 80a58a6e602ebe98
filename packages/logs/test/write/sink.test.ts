import { expect, test } from "bun:test";
import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { tempFolder } from "@taskio/test-support";
import { openFifoPeer } from "@taskio/testkit";
import { criFormat, openLogWriter } from "../../src/index.ts";
import { allDataOf, contentOf, filesOf } from "./support/read-files.ts";

test("a task's FIFOs are logged through sinks, compressed and rotated", async () => {
  using folder = tempFolder();
  const path = folder.file("task.log");
  await using log = await openLogWriter(path, { maxSize: 100_000, maxFiles: 50, compress: true });
  const streams = withStreams(undefined, log.sink("stdout"), log.sink("stderr"));
  await using io = await newCreator(streams, withFIFODir(folder.path))("task-1");
  const peer = openFifoPeer(io.config);
  const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i} of the task\n`).join("");
  await Promise.all([
    peer.write("stdout", Buffer.from(lines)),
    peer.write("stderr", Buffer.from("to stderr\n")),
  ]);
  await peer.exit();
  const { stdout, stderr } = await io.wait();
  expect([stdout?.bytes, stderr?.bytes]).toEqual([lines.length, 10]);
  expect(filesOf(path).length).toBeGreaterThan(3);
  const records = filesOf(path)
    .map((file) => contentOf(file).toString())
    .join("");
  expect(records).toContain(" stderr F to stderr\n");
  // A line that two reads gave has two records, and what came to stderr may be between them.
  expect(allDataOf(path, criFormat).replace("to stderr\n", "")).toBe(lines);
});
