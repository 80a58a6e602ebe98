import { terminalFailed } from "./check-terminal.ts";
import { libc, linux } from "./libc.ts";

/** A terminal's settings: a struct termios (60 bytes), as C made it. */
export type Termios = Uint8Array;

/** A terminal's settings now. */
export function getTermios(fd: number): Termios {
  const termios = new Uint8Array(64);
  if (libc().tcgetattr(fd, termios) !== 0) throw terminalFailed(fd, "read the settings", "ioctl");
  return termios;
}

/** Puts settings in force at once: waiting for output to drain could take for ever. */
export function setTermios(fd: number, termios: Termios): void {
  while (libc().tcsetattr(fd, linux.TCSANOW, termios) !== 0) {
    if (libc().errno() !== linux.EINTR) throw terminalFailed(fd, "change the settings", "ioctl");
  }
}

/** The same settings, raw. */
export function rawTermios(termios: Termios): Termios {
  const raw = termios.slice();
  libc().cfmakeraw(raw);
  return raw;
}

/** Whether the process is in the background of a terminal, whose settings are then a shell's. */
export function isInBackground(fd: number): boolean {
  const foreground = libc().tcgetpgrp(fd);
  return foreground >= 0 && foreground !== libc().getpgrp(); // negative: not our own terminal
}
