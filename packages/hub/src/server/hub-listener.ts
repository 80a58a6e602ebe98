import { chmodSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import type { UnixSocketListener } from "bun";
import { type LineEvents, lineHandlers, LineSocket } from "../protocol/line-socket.ts";
import { inUse } from "./socket-place.ts";

/** What others may not do with the socket from its first moment on. All threads' files are made with it meanwhile. */
const umask = 0o077;
const mode = 0o600;

/** Accepts viewers. */
export interface HubListener {
  /** Accepts no more; those that are there stay. The socket's path is gone. */
  stop(): void;
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
