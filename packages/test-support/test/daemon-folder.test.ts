import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdtempSync, realpathSync, renameSync } from "node:fs";
import { rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abandonedFolders } from "../src/daemon-folder.ts";
import { startFolderOwner } from "./support/folder-owner.ts";

const inNewNamespace = ["unshare", "--pid", "--fork", "--mount-proc"];
const isRoot = process.geteuid?.() === 0;
let temp = "";
let before: string | undefined;

beforeEach(() => {
  temp = realpathSync(mkdtempSync(join(tmpdir(), "taskio-folders-")));
  before = process.env["TMPDIR"];
  process.env["TMPDIR"] = temp;
});

afterEach(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(temp, { recursive: true });
});

function abandoned(): string[] {
  return abandonedFolders().map(({ path }) => path);
}

/** A folder that is taken for one that was left. */
async function left(): Promise<string> {
  await using owner = await startFolderOwner();
  await owner.end();
  expect(abandoned()).toEqual([owner.path]);
  return owner.path;
}

describe.skipIf(process.platform !== "linux")("a daemon's folder", () => {
  test("is abandoned when its process has ended, and not before", async () => {
    await using owner = await startFolderOwner();
    expect(abandoned()).toEqual([]);
    await owner.end();
    expect(abandoned()).toEqual([owner.path]);
  });

  test("that others can get into is not taken for one", async () => {
    const path = await left();
    for (const mode of [0o755, 0o770, 0o701]) {
      chmodSync(path, mode);
      expect(abandoned()).toEqual([]);
    }
  });

  test("that is a link is not taken for one", async () => {
    const path = await left();
    renameSync(path, join(temp, "elsewhere"));
    symlinkSync(join(temp, "elsewhere"), path);
    expect(abandoned()).toEqual([]);
  });

  test.skipIf(!isRoot)("of another user is not taken for one", async () => {
    chownSync(await left(), 65534, 65534);
    expect(abandoned()).toEqual([]);
  });

  const canUnshare = isRoot && Bun.which("unshare") !== null;
  test.skipIf(!canUnshare || Bun.spawnSync([...inNewNamespace, "true"]).exitCode !== 0)(
    "of another PID namespace is not judged by the pids of this one",
    async () => {
      await using owner = await startFolderOwner(...inNewNamespace);
      expect(owner.path).toStartWith(join(temp, "taskio-containerd-"));
      expect(abandoned()).toEqual([]);
    },
  );
});
