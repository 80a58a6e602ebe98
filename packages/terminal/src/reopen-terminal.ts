import { TaskIOError } from "@taskio/core";
import { closeSync, constants, openSync } from "node:fs";
import { checkTerminal } from "./check-terminal.ts";
import { libc, linux } from "./libc.ts";
import { terminalDevice } from "./terminal-device.ts";

const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * A terminal as a non-blocking open file of our own: O_NONBLOCK set on the caller's would be set for
 * every process that shares it.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`, `PERMISSION`
 */
export function reopenTerminal(fd: number): number {
  checkTerminal(fd);
  if (isMasterSide(fd)) throw masterSide(fd);
  const device = terminalDevice(fd);
  const failures: unknown[] = [];
  // after su(1), /dev/tty opens where the terminal's own file still belongs to another user
  for (const path of [`/proc/self/fd/${fd}`, "/dev/tty"]) {
    try {
      const opened = openSync(path, flags);
      if (terminalDevice(opened) === device) return opened;
      closeSync(opened);
    } catch (error) {
      failures.push(error);
    }
  }
  throw noAccess(fd, failures);
}

/** Opened anew, a master side is another pseudo-terminal's. */
function isMasterSide(fd: number): boolean {
  return libc().ioctl(fd, linux.TIOCGPTN, new Int32Array(1)) === 0;
}

function masterSide(fd: number): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `fd ${fd} is the master side of a pseudo-terminal, which cannot be opened anew: give a stream of it`,
  );
}

function noAccess(fd: number, failures: unknown[]): TaskIOError {
  return new TaskIOError(
    "PERMISSION",
    `the terminal at fd ${fd} cannot be opened anew: it belongs to another user, give a stream of it`,
    { cause: new AggregateError(failures), path: `/proc/self/fd/${fd}` },
  );
}
