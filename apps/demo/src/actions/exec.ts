import type { OCIProcess, Process } from "@taskio/containerd";
import { nullIO, TaskIOError, withFIFODir, withStreams, withTerminal } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { removeFIFOs } from "@taskio/fifo/holders";
import { resolve } from "node:path";
import { invalid } from "../cli/invalid.ts";
import { withExecUser } from "../client/exec-user.ts";
import { type FoundTask, findTask } from "../client/find-task.ts";
import { needsContainerd } from "../client/needs-containerd.ts";
import { isEmbedded, openRuntime, type Runtime } from "../client/open-runtime.ts";
import { orNone } from "../client/or-none.ts";
import { streamDirs } from "../client/stream-dirs.ts";
import { terminalType } from "../client/terminal-type.ts";
import { untilBack } from "../client/until-back.ts";
import { withEnv } from "../client/with-env.ts";
import type { ExecOptions } from "../commands/exec.ts";
import { follow } from "../foreground/follow.ts";
import { consoleSize } from "../foreground/follow-size.ts";
import { TaskInput } from "../foreground/task-input.ts";

/** How long to wait for the deletion of an exec that has ended, in ms. */
const deleteLimit = 300;

/** Runs another command in a task. */
export async function exec(
  name: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const { interactive = false, tty: terminal = false, detach = false } = options;
  checkOptions(args, options);
  using input = new TaskInput({ interactive, terminal, detachKeys: "" });
  await using runtime = await openRuntime(options);
  const found = await findTask(runtime, name);
  if (found.status.state !== "running") throw notRunning(name);
  const task = await runtime.client.loadTask(found.id);
  const spec = processFor(found, args, options);
  if (detach) return await startOnly(await task.exec(newId(), { process: spec, creator: nullIO }));
  const { fifoDir } = streamDirs(runtime);
  const creator = newCreator(
    withStreams(input.source, 1, 2),
    withFIFODir(fifoDir),
    ...(terminal ? [withTerminal] : []),
  );
  input.enter();
  const process = await task.exec(newId(), { process: spec, creator });
  return await runToEnd(runtime, process, input);
}

function checkOptions(args: readonly string[], options: ExecOptions): void {
  const { interactive, tty, detach, user } = options;
  if (args.length === 0)
    throw invalid(`missing required argument 'command': see "taskio exec --help"`);
  if (detach && (interactive || tty)) {
    throw invalid("-d throws the output away and connects nothing: -i and -t can't go with it");
  }
  if (user !== undefined && isEmbedded(options)) throw needsContainerd("user");
}

/** As the task's own process, but for what is given. */
function processFor(
  found: FoundTask,
  args: readonly string[],
  { tty: terminal = false, env, workdir, user }: ExecOptions,
): OCIProcess {
  const base = withExecUser(found, user);
  const { consoleSize: _, ...rest } = base ?? { args: [], cwd: "/" };
  const term = terminal ? [terminalType()] : []; // where the task has none, as with docker
  return {
    ...rest,
    args: [...args],
    cwd: resolve(base?.cwd ?? "/", workdir ?? "."),
    env: withEnv([...term, ...(base?.env ?? [])], env),
    terminal,
    ...(terminal && consoleSize()),
  };
}

async function runToEnd(runtime: Runtime, process: Process, input: TaskInput): Promise<number> {
  const start = () => untilBack(runtime, () => process.start());
  try {
    const how = { runtime, input, start, sigProxy: true, endStdin: true };
    const { why, exitCode } = await follow(process, how);
    if (why === "output-closed") await orNone(process.kill("SIGKILL"));
    await deleteExec(process);
    return exitCode;
  } catch (error) {
    await process.io.close().catch(() => {});
    throw error;
  }
}

/** Nobody can come back to an exec. What a child that it left behind holds is the runtime's to wait for. */
async function deleteExec(process: Process): Promise<void> {
  const signal = AbortSignal.timeout(deleteLimit);
  try {
    await process.delete({ kill: true, grace: 0, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    await process.io.close();
    const { stdin, stdout, stderr } = process.io.config;
    removeFIFOs([stdin, stdout, stderr]); // which it leaves after a detach
  }
}

async function startOnly(process: Process): Promise<number> {
  await process.start();
  await process.detach();
  return 0;
}

function newId(): string {
  return `exec-${crypto.randomUUID().slice(-12)}`;
}

function notRunning(id: string): TaskIOError {
  return invalid(`the task "${id}" is not running`);
}
