import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { interrupted } from "./interrupted.ts";

const app = Bun.fileURLToPath(new URL("..", import.meta.url));

/** A folder of this app. */
export function folderOf(name: string): string {
  return join(app, name);
}

/**
 * Builds a program into dist, which compilers with a cache of their own do quickly again.
 *
 * @param command builds it at the path given; another bench may be running the one that is there
 * @throws Error that says why in one line
 */
export async function build(
  name: string,
  command: (output: string) => readonly string[],
  { cwd = app } = {},
): Promise<string> {
  const program = join(folderOf("dist"), name);
  const output = `${program}.${process.pid}`;
  mkdirSync(folderOf("dist"), { recursive: true });
  await run(command(output), cwd);
  renameSync(output, program);
  return program;
}

/** Builds one of the programs in C. */
export function buildC(name: string): Promise<string> {
  const source = join(folderOf("c"), `${name}.c`);
  return build(name, (output) => ["cc", "-O2", "-Wall", "-pthread", "-o", output, source]);
}

async function run(command: readonly string[], cwd: string): Promise<void> {
  if (!Bun.which(command[0]!)) throw new Error(`there is no ${command[0]}`);
  await using compiler = Bun.spawn([...command], {
    cwd,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    signal: interrupted,
  });
  const stderr = await compiler.stderr.text();
  if ((await compiler.exited) === 0) return;
  const said = stderr.split("\n").find((line) => line.trim() && !line.startsWith("#"));
  throw new Error(said ?? `${command[0]} failed`);
}
