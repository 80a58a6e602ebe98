import type { Container, OCIProcess, Process } from "@taskio/containerd";
import { nullIO, TaskIOError, withFIFODir, withStreams, withTerminal } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { resolve } from "node:path";
import { findTask } from "../client/find-task.ts";
import { openRuntime } from "../client/open-runtime.ts";
import { streamDirs } from "../client/stream-dirs.ts";
import { withEnv } from "../client/with-env.ts";
import type { ExecOptions } from "../commands/exec.ts";
import { follow } from "../foreground/follow.ts";
import { consoleSize } from "../foreground/follow-size.ts";
import { TaskInput } from "../foreground/task-input.ts";

/** Runs another command in a task. */
export async function exec(
  id: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const { interactive = false, tty: terminal = false, detach = false } = options;
  checkOptions(args, options);
  using input = new TaskInput({ interactive, terminal, detachKeys: "" });
  await using runtime = await openRuntime(options);
  const { container, status } = await findTask(runtime.client, id);
  if (status.state !== "running") throw notRunning(id);
  const task = await runtime.client.loadTask(id);
  const spec = processFor(container, args, options);
  if (detach) return await startOnly(await task.exec(newId(), { process: spec, creator: nullIO }));
  const { fifoDir } = streamDirs(runtime);
  const creator = newCreator(
    withStreams(input.source, 1, 2),
    withFIFODir(fifoDir),
    ...(terminal ? [withTerminal] : []),
  );
  input.enter();
  const process = await task.exec(newId(), { process: spec, creator });
  const { exitCode } = await follow(process, { input, start: true, sigProxy: true });
  await process.delete({ kill: true, grace: 0 }); // nobody can come back to an exec
  return exitCode;
}

function checkOptions(args: readonly string[], { interactive, tty, detach }: ExecOptions): void {
  if (args.length === 0) throw invalid("missing required argument 'command'");
  if (detach && (interactive || tty)) {
    throw invalid("-d throws the output away and connects nothing: -i and -t can't go with it");
  }
}

/** As the task's own process, but for what is given. */
function processFor(
  { spec }: Container,
  args: readonly string[],
  { tty: terminal = false, env, workdir }: ExecOptions,
): OCIProcess {
  const base = spec?.process;
  const { consoleSize: _, ...rest } = base ?? { args: [], cwd: "/" };
  const inherited = (base?.env ?? []).filter((pair) => !pair.startsWith("TERM="));
  const term = terminal ? [`TERM=${process.env.TERM || "xterm"}`] : [];
  return {
    ...rest,
    args: [...args],
    cwd: resolve(base?.cwd ?? "/", workdir ?? "."),
    env: withEnv([...inherited, ...term], env),
    terminal,
    ...(terminal && consoleSize()),
  };
}

async function startOnly(process: Process): Promise<number> {
  await process.start();
  await process.detach();
  return 0;
}

function newId(): string {
  return `exec-${crypto.randomUUID()}`;
}

function notRunning(id: string): TaskIOError {
  return invalid(`the task "${id}" is not running`);
}

function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message);
}
