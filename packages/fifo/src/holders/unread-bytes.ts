import { fstatSync } from "node:fs";
import { libc, linux } from "../libc.ts";
import type { FIFOHolder } from "./fifo-holders.ts";
import { FIFOLookup } from "./fifo-lookup.ts";
import { openFIFOs } from "./open-fifos.ts";
import { withFdOf } from "./with-fd-of.ts";

/** How full a FIFO is. */
export interface UnreadBytes {
  /** Bytes that were written and that nobody has read yet. */
  readonly bytes: number;
  /** How many bytes it takes at most. */
  readonly capacity: number;
  /**
   * Whether a writer has to wait now. Pages that were not filled up make that true long before `bytes`
   * is `capacity`. Undefined where no holder writes.
   */
  readonly full: boolean | undefined;
}

/**
 * How many bytes wait in a FIFO to be read. It is not opened: one of its holders' fds is copied for a
 * moment, as the same open file, which nobody at the FIFO notices.
 *
 * @param holders processes that have it open, as {@link fifoHolders} gives them; the first that may be
 * looked into is used, writers before readers
 * @returns undefined when none holds it any more, or where the kernel refuses: a process of another user,
 * one that is not a child (Yama), Linux before 5.6
 *
 * @example
 * ```ts
 * import { newFIFOSetInDir, openFifo } from "@taskio/fifo";
 * import { fifoHolders, unreadBytes } from "@taskio/fifo/holders";
 *
 * await using fifos = await newFIFOSetInDir("", "task-1", false);
 * const { stdout } = fifos.config;
 * await using fifo = await openFifo(stdout, { read: true, write: true });
 * await fifo.write(new Uint8Array(1000));
 * const holders = fifoHolders([stdout]).holders.get(stdout)!;
 * console.log(unreadBytes(stdout, holders)); // { bytes: 1000, capacity: 65536, full: false }
 * ```
 */
export function unreadBytes(
  path: string,
  holders: readonly Pick<FIFOHolder, "pid">[],
): UnreadBytes | undefined {
  const lookup = new FIFOLookup([path]);
  if (lookup.isEmpty) return undefined;
  const pids = holders.map(({ pid }) => pid);
  const fds = openFIFOs(lookup, pids).open.get(path) ?? [];
  const writers = fds.filter(({ writes }) => writes);
  const readers = fds.filter(({ reads, writes }) => reads && !writes);
  for (const { pid, fd, writes } of [...writers, ...readers]) {
    const found = withFdOf(pid, fd, (copy) => {
      if (lookup.pathsOf(fstatSync(copy)).length > 0) return measure(copy, writes); // still it
    });
    if (found) return found;
  }
}

function measure(fd: number, writes: boolean): UnreadBytes | undefined {
  const bytes = new Int32Array(1);
  const capacity = libc().fcntl(fd, linux.F_GETPIPE_SZ, 0);
  if (capacity < 0 || libc().ioctl(fd, linux.FIONREAD, bytes) !== 0) return undefined;
  return { bytes: bytes[0]!, capacity, full: writes ? !isWritable(fd) : undefined };
}

function isWritable(fd: number): boolean {
  const pollFd = new Int32Array([fd, linux.POLLOUT]);
  return libc().poll(pollFd, 1, 0) > 0 && ((pollFd[1]! >>> 16) & linux.POLLOUT) !== 0;
}
