import { linux } from "../libc.ts";

/** What `/proc/<pid>/fdinfo/<fd>` says about an fd. */
export interface Fdinfo {
  /** The inode's number inside the kernel, which may differ from that of `stat`. */
  readonly inode: string | undefined;
  /** Neither is for an fd that keeps a name only (`O_PATH`). */
  readonly reads: boolean;
  readonly writes: boolean;
}

export function parseFdinfo(text: string): Fdinfo {
  const flags = Number.parseInt(/^flags:\s*([0-7]+)/m.exec(text)?.[1] ?? "0", 8);
  const mode = (flags & linux.O_PATH) === 0 ? flags & linux.O_ACCMODE : undefined;
  return {
    inode: /^ino:\s*(\d+)/m.exec(text)?.[1],
    reads: mode === linux.O_RDONLY || mode === linux.O_RDWR,
    writes: mode === linux.O_WRONLY || mode === linux.O_RDWR,
  };
}
