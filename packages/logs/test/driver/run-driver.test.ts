import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { tempFolder, until } from "@taskio/test-support";
import { missingSmallDisk, smallDisk } from "../write/support/small-disk.ts";
import { DefaultReports } from "./support/default-reports.ts";
import { PlayedRuntime } from "./support/played-runtime.ts";

const folder = tempFolder();
afterAll(() => folder[Symbol.dispose]());
const noDisk = missingSmallDisk();
const read = (path: string) => readFileSync(path, "utf8");

/** A driver that keeps its files in the tests' folder. */
function start(...args: string[]): PlayedRuntime & { file(name: string): string } {
  const driver = new PlayedRuntime(["dir", folder.path, ...args]);
  return Object.assign(driver, { file: (name: string) => folder.file(`${driver.id}.${name}`) });
}

const reports = new DefaultReports();
afterAll(() => reports[Symbol.dispose]());
const reportOf = ({ id }: PlayedRuntime) => reports.path("test", id);

describe("a driver", () => {
  test("is told who it logs, says that it is ready, and gets every byte of both streams", async () => {
    using driver = start("k", "v", "__proto__", "p", "empty", "", "k", "again");
    expect(await driver.readiness()).toEqual([0]);
    const task = driver.task("seq 1 200000; printf end; seq 200000 >&2; printf 'no newline' >&2");
    expect(await task.exited).toBe(0);
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(0);
    const numbers = Array.from({ length: 200_000 }, (_, at) => `${at + 1}\n`).join("");
    expect(read(driver.file("stdout")) === `${numbers}end`).toBe(true);
    expect(read(driver.file("stderr")) === `${numbers}no newline`).toBe(true);
    const [told, ...said] = read(driver.file("said")).trim().split("\n");
    expect(told).toBe(
      `{"id":"${driver.id}","namespace":"test","config":{"dir":"${folder.path}","k":"v","__proto__":"p","empty":""}}`,
    );
    expect(said.toSorted()).toEqual(["stderr ended", "stdout ended"]);
    expect(existsSync(reportOf(driver))).toBe(false);
    expect(await driver.child.stderr.text()).toBe("");
  });

  test("has no end by signals: SIGTERM is told, and the rest is read", async () => {
    using driver = start();
    expect(await driver.readiness()).toEqual([0]);
    const says = (what: string) => until(() => read(driver.file("said")).includes(what), what);
    driver.child.kill("SIGINT");
    driver.child.kill("SIGHUP");
    await says("SIGHUP");
    driver.child.kill("SIGTERM");
    await says("terminated");
    driver.child.kill("SIGTERM");
    await driver.task("seq 100000; sleep 0.3; echo last").exited;
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(0);
    expect(read(driver.file("stdout"))).toEndWith("\n99999\n100000\nlast\n");
  });

  test("keeps its fds from its children", async () => {
    using driver = start();
    await driver.readiness();
    for (const fd of [3, 4]) {
      const [, flags = ""] = /flags:\s+(\d+)/.exec(read(`/proc/${driver.child.pid}/fdinfo/${fd}`))!;
      expect(parseInt(flags, 8) & 0o2000000).not.toBe(0); // O_CLOEXEC
    }
  });

  test("that takes nothing makes the task wait", async () => {
    using driver = start("mode", "stuck");
    await driver.readiness();
    const task = driver.task("seq 1 3000000");
    await Bun.sleep(500);
    expect(task.exitCode).toBe(null);
    task.kill();
    await task.exited;
  });

  test("can leave a loop and begin another, not two at once, or give the fd to a child", async () => {
    const numbers = Array.from({ length: 50_000 }, (_, at) => `${at + 1}\n`).join("");
    const run = async (mode: string) => {
      using driver = start("mode", mode);
      await driver.task("seq 1 50000").exited;
      driver.closeOutputs();
      expect(await driver.child.exited).toBe(0);
      return driver;
    };
    const broken = await run("break");
    expect(read(broken.file("stdout")) === numbers).toBe(true);
    const piped = await run("child");
    expect(read(piped.file("stdout")) === numbers).toBe(true);
    expect(read((await run("twice")).file("said"))).toContain("stdout is being read");
  });

  test("that returns when it is ready has its streams discarded, and is no failure", async () => {
    using driver = start("mode", "return-ready");
    await driver.readiness();
    expect(await driver.task("seq 1 300000; seq 1 300000 >&2").exited).toBe(0);
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(0);
    expect(existsSync(reportOf(driver))).toBe(false);
  });
});

describe("a driver that fails", () => {
  test.each([
    ["throw-at-start", "main threw: Error: no disk"],
    ["return-early", "main returned before it called ready()"],
  ])("before it is ready (%s) says so first, is not ready, and discards", async (mode, why) => {
    using driver = start("mode", mode);
    const path = reportOf(driver);
    expect(await driver.readiness()).toEqual([]);
    const early = read(path);
    expect(early).toContain(why);
    expect(await driver.task("seq 1 300000; seq 1 300000 >&2").exited).toBe(0);
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(1);
    expect(await driver.child.stderr.text()).toBe(`sample-driver.ts: ${why} (more in "${path}")\n`);
    const report = read(path);
    expect(report).toStartWith(`The log driver "`);
    expect(report).toContain(`of "${driver.id}" in the namespace "test" (pid ${driver.child.pid})`);
    expect(report).toContain("stdout: 0 bytes went to main, 1988895 were discarded");
    expect(report).toContain("stderr: 0 bytes went to main, 1988895 were discarded");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    if (mode === "throw-at-start") expect(report).toContain("why"); // the cause
  });

  test("in the middle: the task goes on, and what was lost is counted", async () => {
    using driver = start("mode", "throw-in-middle");
    expect(await driver.readiness()).toEqual([0]);
    expect(await driver.task("seq 1 300000; seq 1 300000 >&2").exited).toBe(0);
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(1);
    const report = read(reportOf(driver));
    expect(report).toContain("main threw: Error: disk gone");
    const counts = [...report.matchAll(/: (\d+) bytes went to main, (\d+) were discarded/g)];
    expect(counts.map(([, a, b]) => Number(a) + Number(b))).toEqual([1_988_895, 1_988_895]);
    expect(statSync(driver.file("stdout")).size).toBe(Number(counts[0]![1]));
  });

  test.each(["stray", "stray-throw"])("by an error that nobody caught (%s)", async (mode) => {
    using driver = start("mode", mode);
    await driver.readiness();
    const path = reportOf(driver);
    await until(() => existsSync(path), "its report");
    expect(await driver.task("seq 1 300000").exited).toBe(0);
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(1);
    expect(read(path)).toMatch(/(an error was not caught|a promise was rejected): Error: stray/);
  });

  test("has its report removed by the next run that ends well", async () => {
    const report = folder.file("reports/one.txt");
    for (const [mode, there] of [
      ["throw-at-start", true],
      ["none", false],
    ] as const) {
      using driver = start("mode", mode, "report", report);
      driver.closeOutputs();
      await driver.child.exited;
      expect(existsSync(report)).toBe(there);
    }
  });

  test("and can't write its report says both", async () => {
    const report = "/proc/no/folder/report";
    using driver = start("mode", "throw-at-start", "report", report);
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(1);
    const said = await driver.child.stderr.text();
    expect(said).toContain("Error: no disk");
    expect(said).toContain(`the report "${report}" could not be written: `);
    expect(said.trimEnd()).toEndWith("main threw: Error: no disk");
  });

  test.skipIf(noDisk !== undefined)("on a full disk says so", async () => {
    using disk = smallDisk(16_384);
    Bun.spawnSync(["dd", "if=/dev/zero", `of=${disk.file("fill")}`], { stderr: "ignore" });
    using driver = start("mode", "throw-at-start", "report", disk.file("report"));
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(1);
    const said = await driver.child.stderr.text();
    expect(said).toContain("main threw: Error: no disk");
    expect(said).toMatch(/report" could not be written: .*ENOSPC/);
    expect(readdirSync(disk.path)).toEqual(["fill"]);
  });

  test("replaces a link that is in the place of its report", async () => {
    const [report, other] = [folder.file("link.txt"), folder.file("other.txt")];
    await Bun.write(other, "mine");
    symlinkSync(other, report);
    using driver = start("mode", "throw-at-start", "report", report);
    driver.closeOutputs();
    await driver.child.exited;
    expect(read(report)).toContain("no disk");
    expect(read(other)).toBe("mine");
  });

  test("by a bad option reports that", async () => {
    using driver = start("report", "relative.txt");
    driver.closeOutputs();
    expect(await driver.child.exited).toBe(1);
    expect(read(reportOf(driver))).toContain('the report\'s path "relative.txt" is relative');
  });
});

test("warnings are in a driver's report, and are no failure", async () => {
  using driver = start("mode", "warn");
  await driver.readiness();
  driver.closeOutputs();
  expect(await driver.child.exited).toBe(0);
  expect(read(reportOf(driver))).toContain("a warning: ");
  expect(read(reportOf(driver))).toContain("42 bytes of output are lost");
});

describe("after SIGTERM and the time that is left", () => {
  test("it ends although another process holds a stream", async () => {
    using driver = start("short", "");
    await driver.readiness();
    await driver.task("echo out").exited;
    driver.close(driver.stderr);
    driver.child.kill("SIGTERM");
    expect(await driver.child.exited).toBe(1);
    expect(read(driver.file("said"))).toContain("stdout ended"); // main could close its log
    const report = read(reportOf(driver));
    expect(report).toContain(
      "not done 300 ms after SIGTERM: another process still has stdout open",
    );
    expect(report).toContain("stdout: 4 bytes went to main, 0 were discarded, and its end was not");
  });

  test("it says what it has not read", async () => {
    using driver = start("short", "", "mode", "stuck");
    await driver.readiness();
    await driver.task("seq 1 1000").exited;
    driver.closeOutputs();
    driver.child.kill("SIGTERM");
    expect(await driver.child.exited).toBe(1);
    expect(read(reportOf(driver))).toContain("after SIGTERM: 3893 bytes of stdout were not read");
  });

  test("it ends although main does not", async () => {
    using driver = start("short", "", "mode", "late");
    await until(() => existsSync(driver.file("said")), "its start");
    driver.closeOutputs();
    driver.child.kill("SIGTERM");
    expect(await driver.child.exited).toBe(1);
    expect(read(reportOf(driver))).toContain("after SIGTERM: main had not ended");
  });
});
