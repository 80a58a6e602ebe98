import { readFileSync } from "node:fs";

/** A mount that this process sees. */
export interface Mount {
  readonly path: string;
  readonly type: string;
}

/** In the order in which they were made. See proc_pid_mountinfo(5). */
export function mounts(): Mount[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n");
  return lines.map((line) => {
    const [own = "", filesystem = ""] = line.split(" - ");
    return { path: unescaped(own.split(" ")[4]!), type: filesystem.split(" ")[0]! };
  });
}

/** The mounts in a folder. */
export function mountsBelow(folder: string): string[] {
  return mounts().flatMap(({ path }) => (path.startsWith(`${folder}/`) ? [path] : []));
}

function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)));
}
