import fs, { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Both ends of a pipe as fds, each with some more open flags: to be closed by the caller. */
export function makePipe(flags: { reader: number; writer: number }): {
  readonly reader: number;
  readonly writer: number;
} {
  return inTemporaryFolder((folder) => {
    const path = join(folder, "pipe");
    const { exitCode, stderr } = Bun.spawnSync(["mkfifo", path], { stderr: "pipe" });
    if (exitCode !== 0) throw new Error(`failed to make a pipe: ${stderr}`);
    const both = fs.openSync(path, O_RDWR | O_NONBLOCK); // lets the two opens below succeed at once
    try {
      const reader = fs.openSync(path, O_RDONLY | flags.reader);
      return { reader, writer: fs.openSync(path, O_WRONLY | flags.writer) };
    } finally {
      fs.closeSync(both);
    }
  });
}

/** A new file with some content, open under a fd only: to be closed by the caller. */
export function makeFile(content: Uint8Array, flags: number): number {
  return inTemporaryFolder((folder) => {
    const path = join(folder, "file");
    fs.writeFileSync(path, content);
    return fs.openSync(path, flags);
  });
}

function inTemporaryFolder<T>(run: (folder: string) => T): T {
  const folder = fs.mkdtempSync(join(tmpdir(), "taskio-testkit-"));
  try {
    return run(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
