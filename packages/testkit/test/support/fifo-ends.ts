import { type ChunkReader, type ChunkWriter, TaskIOError } from "@taskio/core";
import fs, { constants } from "node:fs";
import { unlessBusy } from "./fd-streams.ts";
import { isHungUp } from "./poll.ts";

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const read = new Set<string>();

/** The reading end of a FIFO that looks again every millisecond. */
export function openReader(path: string): ChunkReader {
  if (path.includes("://"))
    throw new TaskIOError("NOT_ATTACHABLE", `${path.split(":")[0]} is a URI, no FIFO`);
  if (!stat(path).isFIFO()) throw new TaskIOError("NOT_FIFO", `"${path}" is no FIFO`);
  if (read.has(path)) throw new TaskIOError("IN_USE", `"${path}" is being read`);
  const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK);
  read.add(path);
  let closed = false;
  return {
    read() {
      const buffer = Buffer.allocUnsafeSlow(65_536);
      const length = unlessBusy(() => fs.readSync(fd, buffer)) ?? 0;
      if (length > 0) return buffer.subarray(0, length);
      return isHungUp(fd) ? "eof" : "empty";
    },
    async readable() {
      if (!closed) await Bun.sleep(1);
    },
    close() {
      closed = true;
      read.delete(path);
      fs.closeSync(fd);
    },
  };
}

/** The writing end of a FIFO that tries again every millisecond, its first open too. */
export function openWriter(path: string): ChunkWriter {
  stat(path);
  let fd: number | undefined;
  let closed = false;
  return {
    write(chunk) {
      try {
        return unlessBusy(() => fs.writeSync(fd!, chunk)) ?? 0;
      } catch (error) {
        throw TaskIOError.from(error, "PEER_GONE", "write stdin");
      }
    },
    async writable() {
      await Bun.sleep(fd === undefined ? 0 : 1);
      while (fd === undefined && !closed) {
        fd = open(path);
        if (fd === undefined) await Bun.sleep(1);
      }
    },
    close() {
      closed = true;
      if (fd !== undefined) fs.closeSync(fd);
    },
  };
}

function open(path: string): number | undefined {
  try {
    return fs.openSync(path, O_WRONLY | O_NONBLOCK);
  } catch {
    return undefined;
  }
}

function stat(path: string): fs.Stats {
  try {
    return fs.statSync(path);
  } catch (error) {
    throw TaskIOError.from(error, "NOT_FOUND", `open "${path}"`);
  }
}
