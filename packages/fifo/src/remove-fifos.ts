import { lstatSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { hubSocketPath, isHubSocketPath } from "./hub-socket-path.ts";
import { isDeadSocket } from "./is-dead-socket.ts";

/**
 * Removes FIFOs, such as the streams of a process that is gone, and the folders that they were in where
 * nothing else is there. The socket of their hub goes with them when nobody listens at it any more, as after
 * a kill. All else stays (containerd issue 4123), and so does what has no absolute path, such as a log URI.
 * What is gone already is fine. No FIFO is opened.
 *
 * @param paths of FIFOs; those of sockets of hubs may be among them
 * @param folders those to remove if they are empty; by default the folders of what was removed
 * @throws AggregateError of what could not be removed, when everything was tried
 *
 * @example
 * ```ts
 * import { newFIFOSetInDir } from "@taskio/fifo";
 * import { removeFIFOs } from "@taskio/fifo/holders";
 * import { existsSync } from "node:fs";
 * import { dirname } from "node:path";
 *
 * const { config } = await newFIFOSetInDir("", "task-1", false);
 * removeFIFOs([config.stdin, config.stdout, config.stderr, "file:///var/log/task-1"]);
 * console.log(existsSync(dirname(config.stdout))); // false
 * ```
 */
export function removeFIFOs(paths: readonly string[], folders?: readonly string[]): void {
  const errors: unknown[] = [];
  const gone = [...new Set(paths)].filter(isFIFO);
  for (const path of new Set(paths.filter((path) => isAbsolute(path)).map(socketOf))) {
    attempt(() => isDeadSocket(path) && gone.push(path));
  }
  for (const path of gone) attempt(() => unlinkSync(path), "ENOENT");
  for (const folder of new Set(folders ?? gone.map((path) => dirname(path)))) {
    attempt(() => rmdirSync(folder), "ENOENT", "ENOTEMPTY", "EBUSY");
  }
  if (errors.length > 0) throw new AggregateError(errors, "failed to remove FIFOs of a task");

  function attempt(work: () => void, ...fine: string[]): void {
    try {
      work();
    } catch (error) {
      if (!fine.includes((error as NodeJS.ErrnoException).code!)) errors.push(error);
    }
  }
}

function socketOf(path: string): string {
  return isHubSocketPath(path) ? path : hubSocketPath(path);
}

function isFIFO(path: string): boolean {
  try {
    return isAbsolute(path) && lstatSync(path).isFIFO();
  } catch {
    return false;
  }
}
