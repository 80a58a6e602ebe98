import type { OCIProcess, Task } from "@taskio/containerd";
import { parseDetachKeys } from "@taskio/terminal";
import { resolve } from "node:path";
import { baseEnv } from "../client/base-env.ts";
import { creatorFor } from "../client/creator-for.ts";
import { labels, set } from "../client/labels.ts";
import { logPath, removeLog } from "../client/log-path.ts";
import { checkName, newContainer, removeFailed } from "../client/new-container.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { streamDirs } from "../client/stream-dirs.ts";
import { planStreams, type StreamPlan } from "../client/stream-plan.ts";
import { emptyRootfs } from "../client/task-spec.ts";
import { withEnv } from "../client/with-env.ts";
import type { RunOptions } from "../commands/run.ts";
import { consoleSize } from "../foreground/follow-size.ts";
import { TaskInput } from "../foreground/task-input.ts";
import { runAttached } from "./run-attached.ts";
import { runDetached } from "./run-detached.ts";

/** Runs a command as a new task. */
export async function run(args: readonly string[], options: RunOptions): Promise<number> {
  const { interactive = false, tty: terminal = false, detach = false, detachKeys } = options;
  const plan = planStreams(options);
  checkName(options.name);
  if (detachKeys !== undefined) parseDetachKeys(detachKeys);
  using input = new TaskInput({ interactive: interactive && !detach, terminal, detachKeys });
  const process = processFor(args, options);
  await using runtime = await openRuntime(options);
  const task = await newTask(runtime, { plan, process, input, options });
  if (detach) return await runDetached(runtime.client, task, plan, options);
  return await runAttached(runtime.client, task, input, options);
}

function processFor(args: readonly string[], options: RunOptions): OCIProcess {
  const { tty: terminal = false, detach, env, workdir = "." } = options;
  return {
    args: [...args],
    cwd: resolve(workdir),
    env: withEnv(baseEnv({ terminal }), env),
    terminal,
    ...(terminal && !detach && consoleSize()),
  };
}

interface NewTask {
  readonly plan: StreamPlan;
  readonly process: OCIProcess;
  readonly input: TaskInput;
  readonly options: RunOptions;
}

/** A container and its task, not started yet: both, or neither. */
async function newTask(runtime: Runtime, parts: NewTask): Promise<Task> {
  const { plan, process, input, options } = parts;
  const { client, embedded } = runtime;
  const { dir, fifoDir } = streamDirs(runtime);
  const logOf = (id: string) => logPath(dir, client.namespace, id);
  const { id } = await newContainer(runtime, {
    name: options.name,
    process,
    labels: (id) => ({
      ...(options.rm && { [labels.autoRemove]: set }),
      ...(options.interactive && !options.detach && { [labels.stdinOnce]: set }),
      ...(plan.kind === "log" && { [labels.log]: logOf(id) }),
    }),
  });
  try {
    input.enter();
    return await client.createTask(id, {
      creator: creatorFor(plan, {
        terminal: options.tty ?? false,
        interactive: options.interactive ?? false,
        source: input.source,
        fifoDir,
        log: logOf(id),
      }),
      ...(!embedded && { rootfs: emptyRootfs }),
    });
  } catch (error) {
    await removeFailed(client, id);
    if (plan.kind === "log") removeLog(logOf(id));
    throw error;
  }
}
