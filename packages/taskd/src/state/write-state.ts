import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a value as JSON so that a reader finds the old one or the new one, never a part. */
export function writeState(path: string, value: unknown): void {
  const temporary = `${path}.new`;
  const text = `${JSON.stringify(value, null, 2)}\n`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, text, { mode: 0o600 });
  }
  renameSync(temporary, path);
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

/** Removes a state file; fine when it is gone. */
export function removeState(path: string): void {
  rmSync(path, { force: true });
}
