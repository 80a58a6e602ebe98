import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { newline } from "../format/newline.ts";

/** Larger than any record; a file without a newline in that much is no log of ours. */
const reach = 1 << 20;

/** Whether a file ends with a part of a record. */
export function isTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = new Uint8Array(1);
  return readSync(fd, last, 0, 1, Math.max(0, size - 1)) === 1 && last[0] !== newline;
}

/**
 * Ends the part of a record that a file ends with, so that readers skip it and no more: its first byte
 * becomes a `#`, since a CRI record that is cut in its data reads like a whole one. The file is not cut
 * back: who follows it would take it for a new one.
 */
export function endTornRecord(fd: number): void {
  const start = lastLineAt(fd);
  // The fd appends, whatever the offset.
  const other = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY);
  try {
    writeSync(other, "#", start);
  } finally {
    closeSync(other);
  }
  writeSync(fd, "\n");
}

function lastLineAt(fd: number): number {
  const { size } = fstatSync(fd);
  const from = Math.max(0, size - reach);
  const tail = Buffer.allocUnsafe(size - from);
  const length = readSync(fd, tail, 0, tail.length, from);
  return from + tail.subarray(0, length).lastIndexOf(newline) + 1;
}
