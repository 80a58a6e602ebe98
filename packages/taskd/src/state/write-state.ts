import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a value as JSON so that a reader finds the old one or the new one, never a part. */
export function writeState(path: string, value: unknown): void {
  const temporary = `${path}.new`;
  try {
    write(temporary, `${JSON.stringify(value, null, 2)}\n`);
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw error;
  }
}

/** On a full disk there is a part of it; else it may not have been made. */
function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // what failed first is told
  }
}

/** Makes the folder where it is missing, which is once. */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
  }
}

/** The value, or undefined where there is none. */
export function readState(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`cannot read the state in "${path}"`, { cause: error });
  }
}
