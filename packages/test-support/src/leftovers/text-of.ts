import { constants, readFileSync } from "node:fs";

/** Nothing where there is no such file, or a link, which leads out of the daemon's folder. */
export function textOf(path: string): string {
  try {
    const flag = constants.O_RDONLY | constants.O_NOFOLLOW;
    return readFileSync(path, { encoding: "utf8", flag });
  } catch {
    return "";
  }
}
