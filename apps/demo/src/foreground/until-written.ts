import { constants, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** How long a runtime may take to write what a process that has ended left in its pipes, in ms. */
const grace = 1000;
const period = 20;
const accessMode = 0o3;

/**
 * Waits until nobody has the file of an fd open for writing any more. A shim copies the output into a
 * file, and tells the end of a process before it has done so. What a process leaves behind may go on
 * writing: that is waited for no longer than {@link grace}.
 */
export async function untilWritten(fd: number): Promise<void> {
  const deadline = performance.now() + grace;
  while (isWritten(fd) && performance.now() < deadline) await Bun.sleep(period);
}

function isWritten(fd: number): boolean {
  const file = readlinkSync(`/proc/self/fd/${fd}`);
  return read(() => readdirSync("/proc"), []).some(
    (pid) => /^\d+$/.test(pid) && mayWrite(`/proc/${pid}`, file),
  );
}

function mayWrite(process: string, file: string): boolean {
  return read(() => readdirSync(`${process}/fd`), []).some((fd) => {
    if (read(() => readlinkSync(`${process}/fd/${fd}`), "") !== file) return false;
    const info = read(() => readFileSync(`${process}/fdinfo/${fd}`, "latin1"), "");
    const flags = Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? "0", 8);
    return (flags & accessMode) !== constants.O_RDONLY;
  });
}

/** What a read of /proc gives: processes and their fds come and go. */
function read<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
