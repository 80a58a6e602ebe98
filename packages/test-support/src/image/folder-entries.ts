import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { TarEntry } from "./tar.ts";

/** What is in a folder, each file after the folder that it is in. */
export function folderEntries(folder: string): TarEntry[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return paths.map((path) => {
    const full = join(folder, path);
    const stats = lstatSync(full);
    const mode = stats.mode & 0o7777;
    if (stats.isSymbolicLink()) return { path, mode, link: readlinkSync(full) };
    return stats.isDirectory() ? { path, mode } : { path, mode, data: readFileSync(full) };
  });
}
