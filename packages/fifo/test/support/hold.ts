import { until } from "@taskio/test-support";
import { readFileSync } from "node:fs";

/** A process that a test has started. */
export interface Holder extends AsyncDisposable {
  readonly pid: number;
  /** Ends it. Also done when it goes out of scope. */
  end(): Promise<void>;
}

/**
 * A process that opens `$FIFO` as the shell's redirection says, such as `exec 3<>"$FIFO"`, and keeps it
 * open, as another program if need be. Open a FIFO with `<>` unless somebody is at its other end.
 */
export async function hold(fifo: string, redirection: string, program = "sleep"): Promise<Holder> {
  const holder = await started(["sh", "-c", `${redirection}; echo; exec "$PROGRAM" 1000`], {
    FIFO: fifo,
    PROGRAM: program,
  });
  const command = () => readFileSync(`/proc/${holder.pid}/comm`, "utf8").trim();
  await until(() => command() !== "sh", `${program} instead of its shell`);
  return holder;
}

/** A script beside this one that runs until it is ended, and prints a line when it is ready. */
export function holdByScript(script: string, ...args: string[]): Promise<Holder> {
  return started(["bun", `${import.meta.dir}/${script}`, ...args]);
}

async function started(command: string[], env: Record<string, string> = {}): Promise<Holder> {
  const child = Bun.spawn(command, { env: { ...process.env, ...env }, stdout: "pipe" });
  const { value } = await child.stdout.getReader().read();
  if (!value) throw new Error(`${command.join(" ")} has ended with ${await child.exited}`);
  const end = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  return { pid: child.pid, end, [Symbol.asyncDispose]: end };
}
