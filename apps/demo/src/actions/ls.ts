import type { Client, Container, ProcessStatus } from "@taskio/containerd";
import { isatty } from "node:tty";
import { ago } from "../cli/ago.ts";
import { print } from "../cli/print.ts";
import { table } from "../cli/table.ts";
import { nerdctlName } from "../client/nerdctl-name.ts";
import { hubState } from "../client/hub-state.ts";
import { openRuntime } from "../client/open-runtime.ts";
import { outputKind } from "../client/output-kind.ts";
import type { ListOptions } from "../commands/ls.ts";

/** One task, as `ls --json` prints it. */
export interface ListedTask {
  readonly id: string;
  /** What nerdctl's user named it; null of others, whose id is the name. */
  readonly name: string | null;
  /** Null where its root filesystem is not an image's. */
  readonly image: string | null;
  readonly command: readonly string[];
  readonly state: ProcessStatus["state"];
  /** Null where it has not ended. */
  readonly exitCode: number | null;
  readonly pid: number | null;
  readonly terminal: boolean;
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the hub of a task that has one is there; null of others. */
  readonly hub: "running" | "dead" | null;
  readonly createdAt: string | null;
  readonly exitedAt: string | null;
}

/** Lists the tasks. */
export async function ls({ json, ...options }: ListOptions): Promise<number> {
  await using runtime = await openRuntime(options);
  const tasks = await listTasks(runtime.client);
  print(json ? `${JSON.stringify(tasks, null, 2)}\n` : asTable(tasks));
  return 0;
}

/** The newest first. */
export async function listTasks(client: Client): Promise<ListedTask[]> {
  const [containers, statuses] = await Promise.all([client.containers.list(), client.tasks.list()]);
  const byId = new Map(statuses.map((status) => [status.id, status]));
  const listed = containers.map((container) => toListed(container, byId.get(container.id)));
  return (await Promise.all(listed)).sort((a, b) =>
    (b.createdAt ?? "").localeCompare(a.createdAt ?? ""),
  );
}

async function toListed(
  container: Container,
  status: ProcessStatus | undefined,
): Promise<ListedTask> {
  const { id, image, spec, createdAt } = container;
  const config = status?.config ?? { terminal: false, stdin: "", stdout: "", stderr: "" };
  const running = status !== undefined && status.state !== "stopped";
  return {
    id,
    name: nerdctlName(container) ?? null,
    image: image || null,
    command: spec?.process?.args ?? [],
    state: status?.state ?? "created",
    exitCode: status?.exit?.exitCode ?? null,
    pid: running && status.pid > 0 ? status.pid : null,
    ...config,
    hub: await hubState(container, status),
    createdAt: createdAt?.toISOString() ?? null,
    exitedAt: status?.exit?.exitedAt.toISOString() ?? null,
  };
}

function asTable(tasks: readonly ListedTask[]): string {
  const colors = isatty(1) && !process.env.NO_COLOR;
  const header = ["TASK", "COMMAND", "CREATED", "STATUS", "PID", "OUTPUT"];
  const rows = tasks.map((task) => [
    nameOf(task),
    commandOf(task),
    task.createdAt ? `${ago(task.createdAt)} ago` : "",
    colored(statusOf(task), task, colors),
    task.pid?.toString() ?? "",
    outputOf(task),
  ]);
  return table([header, ...rows]);
}

function outputOf(task: ListedTask): string {
  if (task.hub === null) return outputKind(task);
  return task.hub === "running" ? "hub" : "hub (dead)";
}

/** What it can be called, short: docker cuts ids of hex digits as well. */
function nameOf({ id, name }: ListedTask): string {
  return name ?? (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id);
}

function commandOf({ command }: ListedTask): string {
  const text = JSON.stringify(command.join(" "));
  return text.length <= 30 ? text : `${text.slice(0, 28)}…"`;
}

function statusOf({ state, exitCode, exitedAt, createdAt }: ListedTask): string {
  if (state === "running") return createdAt ? `Up ${ago(createdAt)}` : "Up";
  if (state === "stopped") return `Exited (${exitCode}) ${exitedAt ? `${ago(exitedAt)} ago` : ""}`;
  return state.replace(/^./, (letter) => letter.toUpperCase());
}

function colored(text: string, { state, exitCode }: ListedTask, colors: boolean): string {
  if (!colors) return text;
  const code = state === "running" ? 32 : exitCode ? 31 : 2;
  return `\x1b[${code}m${text}\x1b[0m`;
}
