import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DaemonFolder, daemonFolder } from "../../src/daemon-folder.ts";
import { runcContainers } from "../../src/leftovers/runc-containers.ts";
import { textOf } from "../../src/leftovers/text-of.ts";

let folder: DaemonFolder;
let elsewhere = "";

beforeEach(() => {
  folder = daemonFolder(mkdtempSync(join(tmpdir(), "taskio-runc-")));
  elsewhere = join(folder.path, "elsewhere");
  for (const root of [folder.runcRoot, elsewhere]) {
    mkdirSync(join(root, "default", "web"), { recursive: true });
    writeFileSync(join(root, "default", "web", "state.json"), "{}");
  }
});
afterEach(() => rmSync(folder.path, { recursive: true }));

test("runc's containers are found", () => {
  const root = join(folder.runcRoot, "default");
  const state = join(root, "web", "state.json");
  expect(runcContainers(folder)).toEqual([{ root, id: "web", state }]);
  expect(textOf(state)).toBe("{}");
});

test("no link is followed: to a namespace, to a container, to a state, to all of it", () => {
  const own = runcContainers(folder);
  symlinkSync(join(elsewhere, "default"), join(folder.runcRoot, "linked"));
  symlinkSync(join(elsewhere, "default", "web"), join(folder.runcRoot, "default", "linked"));
  expect(runcContainers(folder)).toEqual(own);

  const { state } = own[0]!;
  rmSync(state);
  symlinkSync(join(elsewhere, "default", "web", "state.json"), state);
  expect(textOf(state)).toBe("");

  renameSync(folder.runcRoot, join(folder.path, "moved"));
  symlinkSync(elsewhere, folder.runcRoot);
  expect(runcContainers(folder)).toEqual([]);
});
