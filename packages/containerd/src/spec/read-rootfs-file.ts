import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { join } from "node:path";
import { invalidArgument } from "./invalid-argument.ts";

/** More than any /etc/passwd has, in bytes. */
const maxBytes = 16 * 1024 * 1024;
/** As the kernel's own limit. */
const maxLinks = 40;

/** What a name in a folder is, when the folder is merged of several. */
type Entry =
  { readonly folders: readonly string[] } | { readonly link: string } | { readonly file: string };

/**
 * Reads a file of a root filesystem that isn't mounted, from the folders it is made of, as overlayfs
 * merges them: links lead nowhere outside of them, and what an upper folder removed is not there. Only
 * that a folder is opaque is not seen: it takes an extended attribute to know.
 *
 * @param layers the topmost first
 * @returns undefined where there is no such file
 */
export function readRootfsFile(layers: readonly string[], path: string): string | undefined {
  let left = path.split("/");
  let links = 0;
  const at: (readonly string[])[] = [];
  while (left.length > 0) {
    const name = left.shift()!;
    if (name === "..") at.pop();
    if (["", ".", ".."].includes(name)) continue;
    const entry = find(at.at(-1) ?? layers, name);
    if (!entry) return undefined;
    if ("file" in entry) return left.length === 0 ? readFile(entry.file, path) : undefined;
    if ("folders" in entry) at.push(entry.folders);
    else {
      if (++links > maxLinks) throw invalidArgument(`too many links at "/${path}" in the rootfs`);
      if (entry.link.startsWith("/")) at.length = 0;
      left = [...entry.link.split("/"), ...left];
    }
  }
  return undefined;
}

function find(folders: readonly string[], name: string): Entry | undefined {
  const merged: string[] = [];
  for (const folder of folders) {
    const file = join(folder, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory()) merged.push(file);
    else if (stats && (merged.length > 0 || stats.isCharacterDevice()))
      break; // hides those below
    else if (stats) return stats.isSymbolicLink() ? { link: readlinkSync(file) } : { file };
  }
  return merged.length > 0 ? { folders: merged } : undefined;
}

function readFile(file: string, path: string): string {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.size <= maxBytes) return readFileSync(fd, "utf8");
    throw invalidArgument(`"/${path}" in the rootfs is no file, or over ${maxBytes} bytes`);
  } finally {
    closeSync(fd);
  }
}
