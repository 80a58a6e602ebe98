import type { PtyCommand } from "@taskio/test-support";

/** Whether a command on a terminal ends by itself in time, in ms; where not it is killed. */
export async function endsWithin(command: PtyCommand, ms: number): Promise<boolean> {
  let killed = false;
  const timer = setTimeout(() => {
    try {
      process.kill(command.pid, "SIGKILL");
      killed = true;
    } catch {} // it has just ended
  }, ms);
  await command.exited();
  clearTimeout(timer);
  return !killed;
}
