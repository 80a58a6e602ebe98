import type { Config } from "@taskio/core";
import { join } from "node:path";

/** A process that runs a script of this folder for a task, until it is disposed. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  kill(): Promise<void>;
}

/** Starts one, and waits until it has said so. */
export async function startChild(
  script: string,
  config: Config,
  ...args: string[]
): Promise<Child> {
  const path = join(import.meta.dir, script);
  const child = Bun.spawn([process.execPath, path, JSON.stringify(config), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = child.stdout.getReader();
  const { done } = await output.read();
  if (done) throw new Error(`${script} ended with ${await child.exited}`);
  const kill = async () => {
    child.kill("SIGKILL");
    await child.exited;
    await output.cancel();
  };
  return { pid: child.pid, kill, [Symbol.asyncDispose]: kill };
}
