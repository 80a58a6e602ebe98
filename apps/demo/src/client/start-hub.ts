import { TaskIOError, type TaskIOErrorCode } from "@taskio/core";
import { abandon, hubArgument, type HubSpec, type HubStart } from "../hub/hub-messages.ts";
import { lines } from "../hub/lines.ts";
import { ownCommand } from "./own-command.ts";

/** How long a hub may take to its start, and to its end, in ms. */
const patience = { start: 15_000, end: 5_000 };

/** A hub that was started here, and goes on without this process. */
export interface StartedHub {
  /** Ends it: there will be no task. It removes its FIFOs, its socket and its log. */
  abandon(): Promise<void>;
  /** Its task is there, or was before: it stays as long as that does. So it does when this process ends. */
  release(): void;
}

/**
 * Starts the hub of a task as a process of its own, and waits until it reads the output.
 *
 * @throws TaskIOError `IN_USE` where somebody else reads, and what else `newHub` and `openLogWriter` throw;
 * `ENGINE_FAILED` where it does not start: it is not the runtime that is away
 */
export async function startHub(spec: HubSpec): Promise<StartedHub> {
  const child = spawn();
  child.unref();
  tell(child, JSON.stringify(spec));
  const start = await Promise.race([startOf(child.stdout), Bun.sleep(patience.start)]);
  if (start?.type === "ready") {
    return { abandon: () => abandonHub(child), release: () => void child.stdin.end() };
  }
  child.kill("SIGKILL");
  if (start) throw new TaskIOError(codeOf(start.code), start.message);
  throw await notStarted(child);
}

type Child = Bun.Subprocess<"pipe", "pipe", "ignore">;

/** Where it has ended, its end says more. */
function tell({ stdin }: Child, line: string): void {
  try {
    stdin.write(`${line}\n`);
    void Promise.resolve(stdin.flush()).catch(() => {});
  } catch {}
}

async function abandonHub(child: Child): Promise<void> {
  tell(child, abandon);
  await Promise.race([child.exited, Bun.sleep(patience.end)]);
  child.kill("SIGKILL");
}

function spawn(): Child {
  const command = [...ownCommand(), hubArgument];
  try {
    return Bun.spawn(command, {
      cwd: "/",
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", `start the task's hub (${command.join(" ")})`);
  }
}

async function startOf(stdout: ReadableStream<Uint8Array>): Promise<HubStart | undefined> {
  for await (const line of lines(stdout)) return JSON.parse(line) as HubStart;
  return undefined;
}

/** Callers take `UNAVAILABLE` for the runtime's, and a task that may be there. */
function codeOf(code: TaskIOErrorCode): TaskIOErrorCode {
  return code === "UNAVAILABLE" ? "ENGINE_FAILED" : code;
}

async function notStarted(child: Child): Promise<TaskIOError> {
  await child.exited;
  const { exitCode, signalCode } = child;
  const why =
    signalCode === "SIGKILL" ? "it says nothing" : (signalCode ?? `exit code ${exitCode}`);
  return new TaskIOError("ENGINE_FAILED", `the task's hub did not start: ${why}`);
}
