import { readFileSync } from "node:fs";

/** How many bytes a process has written, once it has written some and sleeps since. */
export async function writtenWhenBlocked(pid: number): Promise<number> {
  for (let last = -1; ; await Bun.sleep(50)) {
    const now = isAsleep(pid) ? written(pid) : -1;
    if (now === last && now > 0) return now;
    last = now;
  }
}

function isAsleep(pid: number): boolean {
  return / S /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

function written(pid: number): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}
