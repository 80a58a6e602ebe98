import { rmSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { unfinished } from "./compress-part.ts";
import { partPath, replacementPath, resolvePart } from "./rotation.ts";

/** Clears up after a writer that was killed while it rotated, or compressed (always the newest part). */
export function recover(path: string): void {
  try {
    rmSync(replacementPath(path), { force: true });
    rmSync(unfinished(partPath(path, 1)), { force: true });
    resolvePart(path, 1);
  } catch (error) {
    throw TaskIOError.from(error, "SINK_FAILED", `clear up beside the log "${path}"`);
  }
}
