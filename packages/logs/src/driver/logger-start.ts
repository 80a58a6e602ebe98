import { fstatSync } from "node:fs";
import { basename } from "node:path";
import { TaskIOError, validateID } from "@taskio/core";
import { accessMode, closeOnExec } from "./libc.ts";

/** The fds that a runtime gives a logger, and how each is open. */
export const loggerFds = { stdout: 3, stderr: 4, ready: 5 } as const;
const modes = { stdout: 0, stderr: 0, ready: 1 } as const;

/** What a runtime tells the logger that it starts. */
export interface LoggerStart {
  readonly id: string;
  readonly namespace: string;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Reads how this process was started, and keeps the fds from its children.
 *
 * @throws TaskIOError `UNSUPPORTED` that says how it is started right, where it was not by a runtime
 */
export function loggerStart(
  env = process.env,
  argv: readonly string[] = process.argv,
): LoggerStart {
  for (const name of ["stdout", "stderr", "ready"] as const) checkFd(name);
  const [id, namespace] = [variable(env, "CONTAINER_ID"), variable(env, "CONTAINER_NAMESPACE")];
  for (const fd of Object.values(loggerFds)) closeOnExec(fd);
  return { id, namespace, config: pairs(argv.slice(2)) };
}

/** The program as a person knows it: the script that Bun runs, or the compiled file. */
export function programPath(): string {
  return isCompiled() ? process.execPath : process.argv[1]!;
}

/** The files of a compiled program are in a file system of its own. */
function isCompiled(): boolean {
  return process.argv[1]!.startsWith("/$bunfs/");
}

function checkFd(name: keyof typeof loggerFds): void {
  const fd = loggerFds[name];
  if (!isPipe(fd)) throw byHand(`fd ${fd} is not a pipe`);
  if (accessMode(fd) === modes[name]) return;
  throw byHand(`fd ${fd} is not open for ${name === "ready" ? "writing" : "reading"}`);
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO();
  } catch {
    return false;
  }
}

function variable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined) throw byHand(`$${name} is not set`);
  try {
    validateID(value);
  } catch {
    throw byHand(`$${name} is ${JSON.stringify(value)}, which is no containerd identifier`);
  }
  return value;
}

function byHand(why: string): TaskIOError {
  const program = programPath();
  const path = isCompiled() ? program : `/path/to/${basename(program, ".ts")}`;
  const lines = [
    `${JSON.stringify(program)} is a log driver, which containerd starts for a task: ${why}`,
    ...(isCompiled() ? [] : [`  bun build --compile ${program} --outfile ${path}`]),
    `  ctr run --log-uri 'binary://${path}?KEY=VALUE' …`,
    `  nerdctl run -d --log-driver 'binary://${path}?KEY=VALUE' …`,
  ];
  return new TaskIOError("UNSUPPORTED", lines.join("\n"));
}

/** `k v k2 v2` as a record; of a repeated key the first value, as runtimes have it. */
function pairs(args: readonly string[]): Record<string, string> {
  const record = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    if (!record.has(args[at]!)) record.set(args[at]!, args[at + 1] ?? "");
  }
  return Object.fromEntries(record);
}
