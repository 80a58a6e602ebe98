import { expect, test } from "bun:test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestRuntime } from "./support/test-runtime.ts";

test("--io null throws the output away, the exit code stays", async () => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run([
    "run",
    "--name",
    "x",
    "--io",
    "null",
    "--",
    "sh",
    "-c",
    "echo hi; exit 3",
  ]);
  expect(ended).toEqual({ exitCode: 3, stdout: "", stderr: "" });
  expect((await taskio.run(["logs", "x"])).stderr).toBe(
    'taskio: the output of the task "x" is thrown away\n',
  );
  expect((await taskio.run(["attach", "x"])).stderr).toMatch(
    /^taskio: the task "x" has no streams/,
  );
});

test("--io file:// appends to the file, which stays after rm", async () => {
  await using taskio = new TestRuntime();
  const path = join(taskio.dir, "some file.txt");
  writeFileSync(path, "before\n");
  const uri = `file://${path.replaceAll(" ", "%20")}`;
  const args = [
    "run",
    "--name",
    "x",
    "--io",
    uri,
    "--",
    "sh",
    "-c",
    "echo out; echo err >&2; exit 2",
  ];
  expect(await taskio.run(args)).toEqual({ exitCode: 2, stdout: "", stderr: "" });
  expect(await taskio.ok("logs", "x")).toBe("before\nout\nerr\n");
  await taskio.ok("rm", "x");
  expect(readFileSync(path, "utf8")).toBe("before\nout\nerr\n");
});

test("--io binary:// gives the output to a logger, with a terminal too", async () => {
  await using taskio = new TestRuntime();
  const log = join(taskio.dir, "log");
  const logger = join(taskio.dir, "logger.sh");
  writeFileSync(logger, `#!/bin/bash\nexec 9>>"$2"; echo >&5; exec 5>&-; /bin/cat <&3 >&9\n`);
  chmodSync(logger, 0o755);
  const uri = `binary://${logger}?log=${encodeURIComponent(log)}`;
  for (const flags of [[], ["-t"]]) {
    await taskio.ok("run", "--rm", ...flags, "--io", uri, "--", "sh", "-c", "echo logged");
  }
  expect(readFileSync(log, "utf8").replaceAll("\r", "")).toBe("logged\nlogged\n");
});

test.each([
  [["--io", "pipe"], /^taskio: invalid --io "pipe"/],
  [["--io", "file://relative"], /^taskio: invalid --io "file:\/\/relative"/],
  [["-i", "--io", "null"], /^taskio: -i needs streams/],
  [["-t", "--io", "file:///tmp/x"], /^taskio: -t can't go with --io file:\/\/\/tmp\/x/],
  [["-t", "--io", "null"], /^taskio: -t can't go with --io null/],
  [["-d", "--rm"], /^taskio: -d and --rm can't be given together/],
])("%p is refused before anything is started", async (args, message) => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["run", ...args, "--", "true"]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trimEnd()).not.toContain("\n");
});
