import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, as large as that, mounted until it is disposed. */
export function smallDisk(
  bytes: number,
  { inodes = 1000 } = {},
): { path: string; file(name: string): string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "taskio-disk-"));
  const { success, stderr } = run(
    "mount",
    "-t",
    "tmpfs",
    "-o",
    `size=${bytes},nr_inodes=${inodes}`,
    "taskio-test",
    path,
  );
  if (!success) {
    rmdirSync(path);
    throw new Error(stderr);
  }
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]() {
      const { success, stderr } = run("umount", path);
      if (!success) throw new Error(stderr);
      rmdirSync(path);
    },
  };
}

/** Why there can be none; undefined where there can. */
export function missingSmallDisk(): string | undefined {
  try {
    smallDisk(1 << 16)[Symbol.dispose]();
  } catch (error) {
    return `no file system can be mounted: ${(error as Error).message.trim()}`;
  }
}

function run(...command: string[]): { success: boolean; stderr: string } {
  try {
    const { success, stderr } = Bun.spawnSync(command, { stdout: "ignore" });
    return { success, stderr: stderr.toString() };
  } catch (error) {
    return { success: false, stderr: (error as Error).message };
  }
}
