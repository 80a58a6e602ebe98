import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is removed with all that is in it. */
export class TempFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "taskio-known-failures-"));

  /** The path of a file in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** What is in a file; nothing where it isn't there. */
  text(name: string): string {
    try {
      return readFileSync(this.file(name), "utf8");
    } catch {
      return "";
    }
  }

  /** Makes a script of the shell, which finds the system's commands whatever its environment is. */
  script(name: string, text: string): string {
    const path = this.file(name);
    writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
