import { closeSync } from "node:fs";
import { libc, linux } from "../libc.ts";

/**
 * Runs `use` with a copy of another process's fd, by `pidfd_getfd(2)`. The copy is the same open file,
 * so nobody at a FIFO sees it come or go.
 *
 * @returns undefined where the kernel refuses: another user's process, or Linux before 5.6
 */
export function withFdOf<T>(pid: number, fd: number, use: (copy: number) => T): T | undefined {
  const process = libc().syscall(linux.SYS_pidfd_open, pid, 0, 0);
  if (process < 0) return undefined;
  try {
    const copy = libc().syscall(linux.SYS_pidfd_getfd, process, fd, 0);
    if (copy < 0) return undefined;
    try {
      return use(copy);
    } finally {
      closeSync(copy);
    }
  } finally {
    closeSync(process);
  }
}
