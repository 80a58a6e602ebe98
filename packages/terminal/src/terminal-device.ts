import { libc, linux } from "./libc.ts";

/**
 * The number of the terminal that an fd is; undefined where it is none. `fstat` does not tell:
 * /dev/tty and /dev/ptmx have numbers of their own. Both sides of a pseudo-terminal have the same.
 */
export function terminalDevice(fd: number): number | undefined {
  const device = new Uint32Array(1);
  return libc().ioctl(fd, linux.TIOCGDEV, device) === 0 ? device[0]! : undefined;
}
