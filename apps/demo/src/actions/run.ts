import type { Task } from "@taskio/containerd";
import { parseDetachKeys } from "@taskio/terminal";
import { type ContainerPlan, planContainer } from "../client/container-plan.ts";
import { creatorFor } from "../client/creator-for.ts";
import { labels, set } from "../client/labels.ts";
import { logDir, logPath } from "../client/log-path.ts";
import { checkName, newContainer, removeFailed } from "../client/new-container.ts";
import { openRuntime, type Runtime } from "../client/open-runtime.ts";
import { streamDirs } from "../client/stream-dirs.ts";
import { planStreams, type StreamPlan } from "../client/stream-plan.ts";
import { emptyRootfs } from "../client/task-spec.ts";
import { isUnavailable, withHint } from "../client/until-back.ts";
import type { RunOptions } from "../commands/run.ts";
import { logFormatName } from "../hub/hub-messages.ts";
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
  const container = planContainer(args, options);
  await using runtime = await openRuntime(options);
  const task = await newTask(runtime, { plan, container, input, options });
  if (detach) return await runDetached(runtime, task, plan, options);
  return await runAttached(runtime, task, input, options);
}

interface NewTask {
  readonly plan: StreamPlan;
  readonly container: ContainerPlan;
  readonly input: TaskInput;
  readonly options: RunOptions;
}

/** A container and its task, not started yet: both, or neither. */
async function newTask(runtime: Runtime, parts: NewTask): Promise<Task> {
  const { plan, container, input, options } = parts;
  const { client } = runtime;
  const { fifoDir } = streamDirs(runtime);
  const dir = plan.kind === "hub" ? await logDir(runtime) : "";
  const logOf = (id: string) => logPath(dir, client.namespace, id);
  const { id } = await newContainer(runtime, {
    name: options.name,
    plan: container,
    labels: (id) => ({
      ...(options.rm && { [labels.autoRemove]: set }),
      ...(options.interactive && !options.detach && { [labels.stdinOnce]: set }),
      ...(plan.kind === "hub" && {
        [labels.hub]: set,
        [labels.log]: logOf(id),
        [labels.logFormat]: logFormatName,
      }),
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
        client,
      }),
      ...(container.kind === "host" && { rootfs: emptyRootfs }),
    });
  } catch (error) {
    await removeFailed(runtime, id, error);
    if (isUnavailable(error)) throw withHint(error, runtime);
    throw error;
  }
}
