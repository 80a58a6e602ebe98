import { renameSync } from "node:fs";

/** Makes a socket at which nobody listens, as a process leaves one that is killed. */
export function makeDeadSocket(path: string): void {
  const elsewhere = `${path}.tmp`;
  const listener = Bun.listen({ unix: elsewhere, socket: { data() {} } });
  renameSync(elsewhere, path); // or stopping would remove it
  listener.stop();
}
