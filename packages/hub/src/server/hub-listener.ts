import { chmodSync, lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { TaskIOError } from "@taskio/core";
import type { UnixSocketListener } from "bun";
import { type LineEvents, lineHandlers, LineSocket } from "../protocol/line-socket.ts";

/** What others may not do with the socket from its first moment on. All threads' files are made with it meanwhile. */
const umask = 0o077;
const mode = 0o600;
const writableByOthers = 0o022;
const sticky = 0o1000;

/** Accepts viewers. */
export interface HubListener {
  /** Accepts no more; those that are there stay. The socket's path is gone. */
  stop(): void;
}

/**
 * Looks whether a hub may listen at a path, whose folder may be missing.
 *
 * @returns whether a dead one's socket is there
 * @throws TaskIOError `IN_USE` when one listens there, or something else is there; `PERMISSION` for a
 * folder in which everybody may replace the socket
 */
export async function checkSocket(path: string): Promise<boolean> {
  const folder = dirname(path);
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found) return false;
    const { mode } = found;
    if ((mode & writableByOthers) !== 0 && (mode & sticky) === 0) throw openFolder(path);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return false;
    if (!stats.isSocket() || (await isAnswered(path))) throw inUse(path);
    return true;
  } catch (error) {
    throw TaskIOError.from(error, "UNAVAILABLE", `make the hub's socket "${path}"`);
  }
}

/** @throws TaskIOError `IN_USE`, `PERMISSION`, `UNAVAILABLE`, `INVALID_ARGUMENT` */
export function listenAt(path: string, accept: (socket: LineSocket) => LineEvents): HubListener {
  const before = process.umask(umask); // the chmod alone would leave a moment in which others come in
  let listener: UnixSocketListener<LineSocket> | undefined;
  try {
    const listening = (listener = Bun.listen({
      unix: path,
      socket: { ...lineHandlers, open: (socket) => void new LineSocket(socket, accept) },
    }));
    chmodSync(path, mode);
    return { stop: () => listening.stop() };
  } catch (error) {
    listener?.stop(true);
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw inUse(path);
    throw TaskIOError.from(error, "UNAVAILABLE", `listen at "${path}"`);
  } finally {
    process.umask(before);
  }
}

async function isAnswered(path: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix: path, socket: { data() {} } });
    socket.terminate();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return false;
    throw error;
  }
}

function inUse(path: string): TaskIOError {
  return new TaskIOError(
    "IN_USE",
    `"${path}" is taken: the task has a hub, attach to it, or give another path`,
    { path },
  );
}

function openFolder(path: string): TaskIOError {
  return new TaskIOError(
    "PERMISSION",
    `"${dirname(path)}" may be written to by others, who could replace the hub's socket: use a folder with mode 0700`,
    { path },
  );
}
