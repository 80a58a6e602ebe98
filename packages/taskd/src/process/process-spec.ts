import { TaskIOError } from "@taskio/core";

/** A terminal's size, in characters. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What this runtime takes from an OCI process. */
export interface ProcessSpec {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly terminal: boolean;
  readonly size?: Size;
}

/**
 * Reads the `process` of an OCI spec, or the payload of an exec.
 *
 * Without isolation there is no other user to be: uid 0 means the runtime's own user, as in a user
 * namespace, and any other but that is refused rather than ignored.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function parseProcess(value: unknown, uid = process.geteuid!()): ProcessSpec {
  const given = record(value, "process");
  const args = strings(given.args, "process.args");
  if (args.length === 0) throw invalid("process.args", "has no command");
  if (args.some((arg) => arg.includes("\0"))) throw invalid("process.args", "has a NUL byte");
  const cwd = given.cwd === undefined || given.cwd === "" ? "/" : given.cwd;
  if (typeof cwd !== "string" || !cwd.startsWith("/"))
    throw invalid("process.cwd", "is no absolute path");
  checkUser(given.user, uid);
  const size = parseSize(given.consoleSize);
  return {
    args,
    env: parseEnv(strings(given.env ?? [], "process.env")),
    cwd,
    terminal: given.terminal === true,
    ...(size && { size }),
  };
}

function parseEnv(pairs: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1 || pair.includes("\0")) throw invalid("process.env", `has ${JSON.stringify(pair)}`);
    env[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return env;
}

function checkUser(user: unknown, own: number): void {
  if (user === undefined || user === null) return;
  const { uid } = record(user, "process.user");
  if (uid === undefined || uid === 0 || uid === own) return;
  throw invalid(
    "process.user",
    `asks for uid ${uid}: this runtime runs everything as its own user, ${own}`,
  );
}

function parseSize(value: unknown): Size | undefined {
  if (value === undefined || value === null) return undefined;
  const { width, height } = record(value, "process.consoleSize");
  if (!isCount(width) || !isCount(height))
    throw invalid("process.consoleSize", "has no width and height");
  return { width, height };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalid(what, "is missing or no object");
}

function strings(value: unknown, what: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalid(what, "is no list of strings");
}

function invalid(what: string, why: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", `the spec's ${what} ${why}`);
}
