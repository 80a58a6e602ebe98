import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fullBytes } from "./sizes.ts";

/** What the largest row puts there, and as much again. */
const room = 2 * fullBytes;

/** The FIFOs and files of one run. */
export class RunFolder implements Disposable {
  readonly path = mkdtempSync(join(parent(), `taskio-bench-${process.pid}-`));
  #made = 0;

  /** The path of a file that is not there yet. */
  file(): string {
    return join(this.path, `file-${this.#made++}`);
  }

  /** A new FIFO. */
  fifo(): string {
    const path = join(this.path, `fifo-${this.#made++}`);
    makeFIFOs([path]);
    return path;
  }

  /** A folder with FIFOs whose names are the numbers from 0. */
  numbered(count: number): string {
    makeFIFOs(Array.from({ length: count }, (_, at) => join(this.path, String(at))));
    return this.path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** In memory where there is room, so that no disk is measured. */
function parent(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize >= room) return "/dev/shm";
  } catch {
    // no such folder
  }
  return tmpdir();
}

function makeFIFOs(paths: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["mkfifo", ...paths], { stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`mkfifo failed: ${stderr.toString().trim()}`);
}
