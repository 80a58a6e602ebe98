import { readFileSync, readlinkSync, statSync } from "node:fs";
import { type Fdinfo, parseFdinfo } from "./parse-fdinfo.ts";
import type { FIFOLookup } from "./fifo-lookup.ts";
import { ProcessView } from "./process-view.ts";

/** An fd that a process has on a FIFO. */
export interface OpenFIFO extends Fdinfo {
  readonly pid: number;
  readonly fd: number;
}

/** The fds on FIFOs, by path, and why some may be missing. */
export interface OpenFIFOs {
  readonly open: ReadonlyMap<string, readonly OpenFIFO[]>;
  readonly incomplete: string | undefined;
}

/**
 * Looks for FIFOs among the open files of processes, `O_PATH` included: who waits for the other side
 * has no more than that, as Go's `fifo` and ours do. Who waits inside a blocking `open(2)` has no fd.
 *
 * @param pids all processes by default
 */
export function openFIFOs(lookup: FIFOLookup, pids?: readonly number[]): OpenFIFOs {
  const view = new ProcessView();
  const open = new Map<string, OpenFIFO[]>();
  for (const pid of pids ?? view.list()) {
    for (const { folder, fds } of view.fdFolders(pid)) {
      for (const fd of fds) view.read(pid, () => look(pid, folder, fd));
    }
  }
  return { open, incomplete: lookup.problem ?? view.incomplete };

  function look(pid: number, folder: string, fd: string): void {
    const link = `${folder}/${fd}`;
    if (!readlinkSync(link).startsWith("/")) return; // a pipe, a socket, …
    const info = parseFdinfo(readFileSync(`${folder}info/${fd}`, "latin1"));
    if (!lookup.mayBe(info.inode)) return;
    for (const path of lookup.pathsOf(statSync(link))) {
      open.set(path, [...(open.get(path) ?? []), { ...info, pid, fd: Number(fd) }]);
    }
  }
}
