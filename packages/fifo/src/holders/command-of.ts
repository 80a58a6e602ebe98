import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** How much of a process's name the kernel keeps. */
const kept = 15;

/** The name of a process's program, `""` when it has ended. Its arguments may be secret, and are left. */
export function commandOf(pid: number): string {
  const name = read(`/proc/${pid}/comm`).trimEnd();
  const whole =
    name.length === kept ? basename(read(`/proc/${pid}/cmdline`).split("\0")[0]!) : name;
  return (whole.startsWith(name) ? whole : name).replace(/\p{Cc}/gu, "?"); // terminals obey those
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
