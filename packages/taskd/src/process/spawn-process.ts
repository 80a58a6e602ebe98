import { closeSync, statSync } from "node:fs";
import type { Subprocess } from "bun";
import type { ProcessStreams } from "../streams/process-streams.ts";
import { ExecError, findExecutable } from "./find-executable.ts";
import type { ProcessSpec } from "./process-spec.ts";

/** Variables that a shell sets for itself. */
const shellVariables = ["PWD", "OLDPWD", "SHLVL", "_"];

/**
 * Starts a process in a session of its own.
 *
 * @throws ExecError when the command or its folder isn't there, or can't be run
 */
export function spawnProcess(spec: ProcessSpec, streams: ProcessStreams): Subprocess {
  checkFolder(spec.cwd);
  const path = findExecutable(spec.args[0]!, spec.cwd, spec.env.PATH);
  const direct = [path, ...spec.args.slice(1)];
  const fds = streams.childFds();
  try {
    return Bun.spawn(streams.terminal ? onTerminal(spec, streams.terminal) : direct, {
      ...(!streams.terminal && { argv0: spec.args[0] }),
      cwd: spec.cwd,
      env: spec.env,
      stdio: fds as ["ignore", "ignore", "ignore"], // or fds: the type has no tuple of either
      detached: true,
    });
  } catch (error) {
    throw notStarted(error, spec.args[0]!);
  } finally {
    for (const fd of fds) if (fd !== "ignore") closeSync(fd);
  }
}

/**
 * A session leader without a terminal gets the one it opens first as its own: a shell opens it and
 * becomes the command.
 */
function onTerminal(spec: ProcessSpec, terminal: string): string[] {
  const unset = shellVariables.filter((name) => !(name in spec.env)).join(" ");
  const script = `exec <"$0" >"$0" 2>&1; ${unset && `unset ${unset}; `}exec "$@"`;
  return ["/bin/sh", "-c", script, terminal, ...spec.args];
}

function checkFolder(cwd: string): void {
  const stats = statSync(cwd, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  const why = stats ? "not a directory" : "no such file or directory";
  throw new ExecError(
    `chdir to cwd (${JSON.stringify(cwd)}) set in config.json failed: ${why}`,
    126,
  );
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
