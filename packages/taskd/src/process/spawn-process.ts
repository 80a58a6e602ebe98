import { accessSync, closeSync, constants, statSync } from "node:fs";
import type { Subprocess } from "bun";
import type { ProcessStreams } from "../streams/process-streams.ts";
import { ExecError, findExecutable, isOneFile } from "./find-executable.ts";
import type { ProcessSpec } from "./process-spec.ts";

/** Where `setsid` is looked for by a runtime that has no PATH. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Starts a process in a session of its own.
 *
 * @throws ExecError when the command or its folder isn't there, or can't be run
 */
export function spawnProcess(spec: ProcessSpec, streams: ProcessStreams): Subprocess {
  checkFolder(spec.cwd);
  const path = findExecutable(spec.args[0]!, spec.cwd, spec.env.PATH);
  const how = spec.terminal ? onTerminal(spec, path) : direct(spec, path);
  const fds = streams.childFds();
  try {
    return Bun.spawn({
      ...how,
      cwd: spec.cwd,
      env: spec.env,
      stdio: fds as ["ignore", "ignore", "ignore"], // or fds: the type has no tuple of either
    });
  } catch (error) {
    throw notStarted(error, spec.args[0]!);
  } finally {
    for (const fd of new Set(fds)) if (fd !== "ignore") closeSync(fd);
  }
}

interface How {
  readonly cmd: string[];
  readonly argv0?: string;
  readonly detached?: true;
}

function direct({ args }: ProcessSpec, path: string): How {
  return { cmd: [path, ...args.slice(1)], argv0: args[0]!, detached: true };
}

/**
 * `setsid` begins the session, makes stdin its controlling terminal and becomes the command. It would
 * fork if it led a process group, as one that is `detached` does: the command would have another pid.
 *
 * It looks the name up again: where that could come to another file it is given the path, which is then
 * the command's name for itself too.
 */
function onTerminal({ args: [name, ...rest], cwd, env }: ProcessSpec, path: string): How {
  const command = isOneFile(name!, cwd, env.PATH) ? name! : path;
  return { cmd: [setsid(), "-c", "--", command, ...rest] };
}

function setsid(): string {
  try {
    return findExecutable("setsid", "/", process.env.PATH || defaultPath);
  } catch {
    throw new ExecError(
      'a terminal needs the program "setsid" (of util-linux or busybox), which is not in the runtime\'s $PATH: install it',
      126,
    );
  }
}

function checkFolder(cwd: string): void {
  const why = folderProblem(cwd);
  if (!why) return;
  throw new ExecError(
    `chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: ${why}`,
    126,
  );
}

function folderProblem(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return "not a directory";
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return /^\w+: (.*?), /.exec(message)?.[1] ?? message; // "ENOENT: no such file or directory, stat …"
  }
}

function notStarted(error: unknown, command: string): unknown {
  const name = `exec: ${JSON.stringify(command)}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return new ExecError(`${name}: no such file or directory`, 127);
    case "EACCES":
    case "EPERM":
      return new ExecError(`${name}: permission denied`, 126);
    case "ENOEXEC":
      return new ExecError(`${name}: exec format error`, 126);
    case "E2BIG":
      return new ExecError(`${name}: argument list too long`, 126);
    default:
      return error;
  }
}
