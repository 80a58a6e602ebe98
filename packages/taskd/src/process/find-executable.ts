import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";

/** Why a command cannot be run, in the words of runc, that clients know. */
export class ExecError extends Error {
  override readonly name = "ExecError";
  /** What a shell exits with: 127 for not found, 126 for not executable. */
  readonly exitStatus: 126 | 127;

  constructor(message: string, exitStatus: 126 | 127) {
    super(message);
    this.exitStatus = exitStatus;
  }
}

/**
 * The path of a command: as it is when it has a slash, else by the PATH of the process's own
 * environment.
 *
 * @throws ExecError
 */
export function findExecutable(command: string, cwd: string, path: string | undefined): string {
  if (command.includes("/")) {
    const found = resolve(cwd, command);
    const problem = examine(found);
    if (problem) throw execError(command, problem);
    return found;
  }
  for (const found of executables(command, cwd, path)) return found;
  throw new ExecError(`exec: ${JSON.stringify(command)}: executable file not found in $PATH`, 127);
}

/**
 * Whether all that a command's name may stand for is one file: execvp(3) goes on to the next folder of
 * the PATH where a file can't be run after all.
 */
export function isOneFile(command: string, cwd: string, path: string | undefined): boolean {
  if (command.includes("/")) return true;
  const files = new Set<string>();
  for (const found of executables(command, cwd, path)) {
    files.add(fileID(found));
  }
  return files.size === 1;
}

/** Of a file that was just removed, its path: it is none of the others. */
function fileID(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return path;
  }
}

function* executables(command: string, cwd: string, path: string | undefined): Generator<string> {
  if (command === "" || !path) return;
  for (const folder of path.split(":")) {
    const found = resolve(cwd, folder, command);
    if (!examine(found)) yield found;
  }
}

type Problem = "missing" | "folder" | "refused";

function examine(path: string): Problem | undefined {
  try {
    if (statSync(path).isDirectory()) return "folder";
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "refused";
  }
}

function execError(command: string, problem: Problem): ExecError {
  const name = `exec: ${JSON.stringify(command)}`;
  if (problem === "missing")
    return new ExecError(`${name}: stat ${command}: no such file or directory`, 127);
  return new ExecError(
    `${name}: ${problem === "folder" ? "is a directory" : "permission denied"}`,
    126,
  );
}
