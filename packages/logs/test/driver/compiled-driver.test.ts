import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { logURIGenerator } from "@taskio/log-file";
import { compileProgram, missingContainerd, tempFolder } from "@taskio/test-support";
import { ContainerdRuntime } from "./support/containerd-runtime.ts";
import { DefaultReports } from "./support/default-reports.ts";
import { TaskdRuntime } from "./support/taskd-runtime.ts";
import type { Ran, TestedRuntime } from "./support/tested-runtime.ts";

const folder = tempFolder();
const program = folder.file("driver");
const sample = new URL("./support/sample-driver.ts", import.meta.url).pathname;
beforeAll(() => compileProgram(sample, program));
afterAll(() => folder[Symbol.dispose]());

const read = (path: string) => readFileSync(path, "utf8");
const logOf = ({ id }: Ran, name: string) => read(folder.file(`${id}.${name}`));

/** The driver as a URI; each test has a folder of its own in `dir`. */
function uri(args: Record<string, string> = {}, scheme = "binary"): string {
  return logURIGenerator(scheme, program, { dir: folder.path, ...args });
}

const missing = missingContainerd();
if (missing) console.warn(`drivers are not tested with containerd: ${missing}`);

describe.each([
  ["containerd, by ctr", ContainerdRuntime, missing],
  ["the embedded runtime", TaskdRuntime, undefined],
] as const)("a compiled driver on %s", (_, Runtime, skipped) => {
  if (skipped !== undefined) return test.skip(skipped, () => {});
  let runtime: TestedRuntime;
  const reports = new DefaultReports();
  beforeAll(async () => {
    runtime = await Runtime.start();
  });
  afterAll(async () => {
    await runtime?.[Symbol.asyncDispose]();
    reports[Symbol.dispose]();
  });
  const reportOf = ({ id }: Ran) => reports.path(runtime.namespace, id);

  test("gets every byte, although the task is deleted before it has read them", async () => {
    const script = "yes 0123456789abcdefghijklm | head -c 5000000; printf 'no newline'";
    const ran = await runtime.run(uri({ mode: "slow-end" }), script);
    expect(ran).toMatchObject({ exitCode: 0 });
    const said = logOf(ran, "said");
    expect(said).toMatch(/^terminated\n[^]*^unread at SIGTERM: true\n[^]*^stdout ended\n/m);
    const line = "0123456789abcdefghijklm\n";
    const whole = line.repeat(5_000_000 / line.length + 1).slice(0, 5_000_000);
    expect(logOf(ran, "stdout") === `${whole}no newline`).toBe(true);
    expect(existsSync(reportOf(ran))).toBe(false);
  });

  test("is told the id, the namespace and the query, and keeps the streams apart", async () => {
    const ran = await runtime.run(
      uri({ k: "a b", empty: "", "--flag": "ü" }),
      "echo o; echo e >&2",
    );
    expect(JSON.parse(logOf(ran, "said").split("\n")[0]!)).toEqual({
      id: ran.id,
      namespace: runtime.namespace,
      config: { dir: folder.path, k: "a b", empty: "", "--flag": "ü" },
    });
    expect([logOf(ran, "stdout"), logOf(ran, "stderr")]).toEqual(["o\n", "e\n"]);
  });

  test("has all of tasks that exit at once", async () => {
    for (let i = 0; i < 5; i++) {
      const ran = await runtime.run(uri(), "printf out; printf err >&2; exit 3");
      expect(ran).toMatchObject({ exitCode: 3 });
      expect([logOf(ran, "stdout"), logOf(ran, "stderr")]).toEqual(["out", "err"]);
    }
    const ran = await runtime.run(uri(), ":");
    expect([logOf(ran, "stdout"), logOf(ran, "stderr")]).toEqual(["", ""]);
  });

  test("is told the id of an exec", async () => {
    const ran = await runtime.exec(uri(), "echo from the exec; exit 4");
    expect(ran).toMatchObject({ exitCode: 4 });
    expect(logOf(ran, "stdout")).toBe("from the exec\n");
  });

  test.each(["throw-at-start", "throw-in-middle"])(
    "that fails (%s) leaves a report, and the task goes on",
    async (mode) => {
      const script = "seq 1 300000 && seq 1 300000 >&2 && exit 5";
      const ran = await runtime.run(uri({ mode }), script);
      const path = reportOf(ran);
      expect(ran).toMatchObject({ exitCode: 5 });
      const report = read(path);
      expect(report).toContain(`The log driver ${JSON.stringify(program)} of "${ran.id}"`);
      expect(report).toMatch(/main threw: Error: (no disk|disk gone)/);
      expect(report).toMatch(/stderr: \d+ bytes went to main, \d+ were discarded\n$/);
    },
  );

  test("that is not ready is refused by binary-v2, and its report is there", async () => {
    if (!runtime.hasV2) return console.warn("binary-v2 takes containerd 2.3: not tested");
    const ran = await runtime.run(uri({ mode: "throw-at-start" }, "binary-v2"), "echo never");
    expect(ran.exitCode).not.toBe(0);
    expect(ran.error).toContain("did not call ready");
    if (runtime instanceof TaskdRuntime) expect(ran.error).toContain("main threw: Error: no disk");
    expect(read(reportOf(ran))).toContain("main threw: Error: no disk");
    const ready = await runtime.run(uri({}, "binary-v2"), "echo out");
    expect(logOf(ready, "stdout")).toBe("out\n");
  });
});

test("a driver of a task with a terminal sees the end of it, without SIGTERM", async () => {
  await using runtime = await TaskdRuntime.start();
  const ran = await runtime.runTerminal(uri(), "echo out; echo err >&2");
  expect(logOf(ran, "stdout")).toBe("out\r\nerr\r\n");
  expect(logOf(ran, "stderr")).toBe("");
  expect(logOf(ran, "said")).not.toContain("terminated");
});

test.skipIf(!Bun.which("ctr"))("ctr starts a task of the embedded runtime with it", async () => {
  await using runtime = await TaskdRuntime.start();
  const id = await runtime.container(["sh", "-c", "echo out; exit 6"]);
  const { address, namespace } = runtime.client;
  const ctr = ["ctr", "--address", address, "--namespace", namespace];
  const child = Bun.spawn([...ctr, "task", "start", "--log-uri", uri(), id], { stderr: "pipe" });
  expect([await child.exited, await child.stderr.text()]).toEqual([6, ""]);
  expect(read(folder.file(`${id}.stdout`))).toBe("out\n");
});

test.each([
  ["compiled", () => [program]],
  ["as a script", () => [process.execPath, sample]],
])("run by hand, %s, it says how it is started", async (_, command) => {
  for (const env of [{}, { CONTAINER_ID: "t1", CONTAINER_NAMESPACE: "test" }]) {
    const child = Bun.spawn(command(), { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    expect([await child.exited, await child.stdout.text()]).toEqual([125, ""]);
    const said = await child.stderr.text();
    expect(said).toContain(
      "is a log driver, which containerd starts for a task: fd 3 is not a pipe",
    );
    expect(said).toMatch(/ctr run --log-uri 'binary:\/\/\/\S+\?KEY=VALUE'/);
  }
});
