import { until } from "@taskio/test-support";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { driverLog } from "../../src/log-driver/driver-log.ts";
import { isLogDriver } from "../../src/log-driver/is-log-driver.ts";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import { RunningCommand } from "../support/running-command.ts";
import { TestRuntime } from "../support/test-runtime.ts";

const build = fileURLToPath(new URL("../../scripts/build.ts", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "taskio-driver-"));
  const built = Bun.spawn([process.execPath, build, join(folder, "taskio")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  expect({ code: await built.exited, stderr: await built.stderr.text() }).toMatchObject({
    code: 0,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The URI of our log driver, with a folder for logs of its own. */
function driver(format = "cri") {
  const dir = mkdtempSync(join(folder, "logs-"));
  const uri = `binary://${folder}/taskio?log-driver=${format}&dir=${encodeURIComponent(dir)}`;
  return { dir, uri };
}

const script = (gate: string) =>
  `echo one; echo err >&2; until [ -e ${gate} ]; do sleep 0.05; done; echo two; exit 3`;
const all = { exitCode: 3, stdout: "one\ntwo\n", stderr: "err\n" };

/** Looks at a task that goes on when the gate is there, by several at once. */
async function look(taskio: TestRuntime, id: string, open: () => Promise<unknown>): Promise<void> {
  const viewers = [
    ["attach", "--read-only", id],
    ["attach", id],
  ].map((args) => new RunningCommand(taskio.spawn(args)));
  const logs = new RunningCommand(taskio.spawn(["logs", "-f", id]));
  for (const one of [...viewers, logs]) await one.sees("one\n");
  await open();
  for (const viewer of viewers) expect(await viewer.ended()).toEqual(all);
  expect(await logs.ended()).toEqual({ ...all, exitCode: 0 });
  expect(await taskio.run(["logs", id])).toEqual({ ...all, exitCode: 0 });
  expect((await taskio.run(["logs", "--tail", "1", "--stream", "stdout", id])).stdout).toBe(
    "two\n",
  );
}

test("on the embedded runtime: a log that is rotated, viewers, and a log that stays after rm", async () => {
  await using taskio = new TestRuntime();
  const { dir, uri } = driver();
  const gate = join(taskio.dir, "gate");
  const run = ["run", "-d", "--io", uri, "--name", "web", "--", "sh", "-c", script(gate)];
  expect(await taskio.run(run)).toEqual({ exitCode: 0, stdout: "web\n", stderr: "" });
  const { socket } = driverLog({ "log-driver": "cri", dir }, { id: "web", namespace: "default" });
  expect(existsSync(socket)).toBe(true);
  await look(taskio, "web", () => Bun.write(gate, ""));
  await until(() => !existsSync(socket), "the driver has ended");
  const ended = await taskio.run(["attach", "web"]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toMatch(/^taskio: the output of .* goes to a log: see it with ".* web"\n$/);
  await taskio.ok("rm", "web");
  expect(readFileSync(join(dir, "default/web.log"), "utf8")).toMatch(/ stdout F two\n$/);
  expect(taskio.leftovers()).toEqual([]);
});

test("its formats, and a terminal", async () => {
  await using taskio = new TestRuntime();
  for (const [format, line] of [
    ["json-file", /^\{"log":"hello\\r\\n","stream":"stdout",/],
    ["raw", /^hello\r\n$/],
  ] as const) {
    const { dir, uri } = driver(format);
    await taskio.ok("run", "-t", "--io", uri, "--name", format, "--", "echo", "hello");
    await until(() => line.test(readFileSync(join(dir, "default", `${format}.log`), "utf8")));
    expect(await taskio.ok("logs", format)).toBe("hello\r\n");
    await taskio.ok("rm", format);
  }
});

test("what it is given wrongly is told where drivers report, or by the start", async () => {
  await using taskio = new TestRuntime();
  const uri = `binary-v2://${folder}/taskio?dir=${folder}&log-driver=xml`;
  const ended = await taskio.run(["run", "--rm", "--io", uri, "--", "true"]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toContain("log-driver=xml is unknown: give cri, json-file, raw");
});

test("keys and values come in any order; nobody else is taken for a runtime", () => {
  const env = { CONTAINER_ID: "web", CONTAINER_NAMESPACE: "default" };
  expect(isLogDriver(["log-driver", "cri", "dir", "/x"], env)).toBe(true);
  expect(isLogDriver(["dir", "/x", "log-driver", "cri"], env)).toBe(true);
  expect(isLogDriver(["logs", "log-driver"], env)).toBe(false);
  expect(isLogDriver(["log-driver", "cri"], {})).toBe(false);
});

describe.skipIf(Boolean(missing))(titled("our log driver on containerd"), () => {
  let on: OnContainerd;

  beforeAll(async () => {
    on = await OnContainerd.start();
  });
  afterAll(async () => {
    await on?.[Symbol.asyncDispose]();
  });

  test("a task of ctr's: viewers and its log", async () => {
    const { dir, uri } = driver();
    const flags = ["--log-uri", uri];
    await on.ctrRun(flags, "web", "sh", "-c", script("/tmp/gate"));
    await look(on.taskio, "web", () => Bun.write(`${on.daemon.rootfs}/tmp/gate`, ""));
    await on.taskio.ok("rm", "web");
    expect(readdirSync(join(dir, on.namespace))).toEqual(["web.log"]);
  });

  test("a task of ours", async () => {
    const { uri } = driver();
    const gate = join(on.taskio.dir, "gate");
    const run = ["run", "-d", "--io", uri, "--name", "ours", "--", "sh", "-c", script(gate)];
    await on.taskio.ok(...run);
    await look(on.taskio, "ours", () => Bun.write(gate, ""));
    await on.taskio.ok("rm", "ours");
  });
});
