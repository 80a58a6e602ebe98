import type { FIFODir, KeptFIFODir } from "@taskio/fifo/holders";
import { ago } from "../../cli/ago.ts";
import type { Folders } from "../folders.ts";
import { type Line, list, many } from "./line.ts";

/**
 * The folders that were left behind, and what was done.
 *
 * @param fix the command line that removes them
 */
export function aboutFolders(folders: Folders, fix: string): Line[] {
  const { dirs, abandoned, unknown, removed, kept, closed } = folders;
  const found: Line[] = [
    ...list("!", "abandoned", `${unneeded(abandoned)}: ${fix} removes them`, abandoned.map(nameOf)),
    ...list("!", "unknown", "it can't be seen whether these are needed", unknown.map(withReason)),
    ...list("!", "kept", "these could not be removed", kept.map(withReason)),
    ...closed.map(({ reason }): Line => ["!", "unknown", `${reason}: look as root`]),
  ];
  const done = list("✓", "removed", unneeded(removed), removed);
  if (found.length > 0) return [...done, ...found];
  return [...done, ["✓", "folders", `no abandoned FIFO folder in ${dirs.join(", ")}`]];
}

function unneeded({ length }: readonly unknown[]): string {
  return `${many(length, "FIFO folder")} that nobody needs`;
}

function withReason(folder: KeptFIFODir): string {
  return `${nameOf(folder)}: ${folder.reason}`;
}

function nameOf({ path, fifos, hubSockets, changed }: FIFODir): string {
  const names =
    [...fifos, ...hubSockets].map((one) => one.slice(path.length + 1)).join(", ") || "empty";
  return `${path} (${names}), unchanged for ${ago(new Date(changed))}`;
}
