import { lstatSync, renameSync, unlinkSync } from "node:fs";

/** The path of the n-th rotated file, 1 for the newest; compressed it ends with {@link compressed}. */
export function partPath(path: string, n: number): string {
  return `${path}.${n}`;
}

/** What the name of a compressed file ends with. */
export const compressed = ".gz";

/** The name of the file that is to take the place of the only one, before it has that. */
export function replacementPath(path: string): string {
  return `${path}.new.tmp`;
}

/**
 * Moves the file at `path` out of the way: to `path.1`, that one to `path.2` and so on, as far as no
 * number is free; those beyond `maxFiles` are removed. From the oldest on, so that each record is in
 * one file at every moment, and the order of the files never changes.
 *
 * @param maxFiles more than 1
 */
export function moveAside(path: string, maxFiles: number): void {
  let last = 1;
  while (isTaken(path, last)) last++;
  while (last >= maxFiles) removePart(path, --last);
  for (let n = last - 1; n >= 1; n--) movePart(path, n);
  renameSync(path, partPath(path, 1));
}

/** Removes the compressed one of two files with the same records: the other is whole in any case. */
export function resolvePart(path: string, n: number): void {
  const part = partPath(path, n);
  if (exists(part) && exists(part + compressed)) unlinkSync(part + compressed);
}

export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isTaken(path: string, n: number): boolean {
  return namesOf(path, n).some(exists);
}

function removePart(path: string, n: number): void {
  resolvePart(path, n);
  for (const name of namesOf(path, n).filter(exists)) unlinkSync(name);
}

function movePart(path: string, n: number): void {
  resolvePart(path, n);
  const to = namesOf(path, n + 1);
  namesOf(path, n).forEach((name, i) => exists(name) && renameSync(name, to[i]!));
}

function namesOf(path: string, n: number): [plain: string, compressed: string] {
  const part = partPath(path, n);
  return [part, part + compressed];
}
