import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temp folder that goes away with its scope. */
export function tempFolder(): Disposable & { path: string; file(name: string): string } {
  const path = mkdtempSync(join(tmpdir(), "taskd-"));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
