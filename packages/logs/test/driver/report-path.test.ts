import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { tempFolder, thrown } from "@taskio/test-support";
import { driverReportPath } from "../../src/index.ts";
import { hasReportFolders, makeReportFolders } from "../../src/driver/report-path.ts";

const isRoot = process.geteuid!() === 0;
const nobody = 65_534;

test("the report of an id that is none has no path", () => {
  for (const [namespace, id] of [
    ["..", "t1"],
    ["default", "../t1"],
    ["default", ""],
  ] as const) {
    expect(thrown(() => driverReportPath(namespace, id))).toMatchObject({ code: "INVALID_ID" });
  }
});

describe("the folders of a report", () => {
  test("are made for this user alone", () => {
    using folder = tempFolder();
    const path = folder.file("taskio-1/drivers/default/web-1.txt");
    expect(hasReportFolders(path)).toBe(false);
    makeReportFolders(path);
    makeReportFolders(path);
    expect(hasReportFolders(path)).toBe(true);
    for (const made of ["taskio-1", "taskio-1/drivers", "taskio-1/drivers/default"]) {
      expect(statSync(folder.file(made)).mode & 0o777).toBe(0o700);
    }
  });

  test("may not be a link, nor for others to write, in any part", () => {
    for (const part of ["base", "base/drivers", "base/drivers/default"]) {
      using folder = tempFolder();
      const path = folder.file("base/drivers/default/web-1.txt");
      const [elsewhere, at] = [folder.file("elsewhere"), folder.file(part)];
      mkdirSync(join(elsewhere, "drivers/default"), { recursive: true });
      mkdirSync(join(at, ".."), { recursive: true });
      symlinkSync(elsewhere, at);
      expect(thrown(() => makeReportFolders(path))).toMatchObject({ code: "PERMISSION", path: at });
      expect(hasReportFolders(path)).toBe(false);
    }
    using folder = tempFolder();
    const path = folder.file("base/drivers/default/web-1.txt");
    makeReportFolders(path);
    chmodSync(folder.file("base/drivers"), 0o777);
    expect(thrown(() => makeReportFolders(path))).toMatchObject({ code: "PERMISSION" });
    expect(hasReportFolders(path)).toBe(false);
  });
});

describe.skipIf(!isRoot || !Bun.which("setpriv"))("where it is", () => {
  async function pathFor(...as: string[]): Promise<string> {
    using folder = tempFolder();
    chmodSync(folder.path, 0o755);
    const program = folder.file("program.js");
    const source = join(import.meta.dir, "support/print-report-path.ts");
    await Bun.$`${process.execPath} build --target bun ${source} --outfile ${program}`.quiet();
    const command = [...as, process.execPath, program];
    const child = Bun.spawn(command, { env: { PATH: process.env["PATH"] }, stderr: "pipe" });
    const [stdout, stderr] = [await child.stdout.text(), await child.stderr.text()];
    return stderr || stdout.trim();
  }
  const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const ofNobody = `/tmp/taskio-${nobody}/drivers/default/web-1.txt`;

  test("for root, and for another user without a runtime folder", async () => {
    expect(await pathFor()).toBe("/run/taskio/drivers/default/web-1.txt");
    if (existsSync(`/run/user/${nobody}`)) return;
    expect(await pathFor(...asNobody)).toBe(ofNobody);
  });

  test("for root of a user namespace: that of its user", async () => {
    const inNamespace = [...asNobody, "unshare", "--user", "--map-root-user"];
    if (Bun.spawnSync([...inNamespace, "true"]).exitCode !== 0) {
      return console.warn("user namespaces are not allowed here: not tested");
    }
    expect(await pathFor(...inNamespace)).toBe(ofNobody);
  });
});
