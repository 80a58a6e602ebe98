/** What a process ended with. */
export interface Ran {
  readonly code: number;
  /** What it printed to stdout, then to stderr. */
  readonly output: string;
}

/** A process may take this long, in ms. */
const timeout = 60_000;

/** Runs `bun` with these arguments: the one that runs this. */
export function runBun(
  cwd: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  return run(cwd, [process.execPath, ...args], env);
}

/** Runs a program to its end, with nothing on stdin. */
export async function run(
  cwd: string,
  command: string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const child = Bun.spawn(command, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const code = await child.exited;
  const killed = child.signalCode === "SIGKILL" ? `\nkilled, after ${timeout} ms` : "";
  return { code, output: out + err + killed };
}
