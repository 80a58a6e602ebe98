import { type Creator, newIO } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { closeSync, constants, openSync } from "node:fs";
import { unlink } from "node:fs/promises";

/** What streams a task has that nobody is attached to yet. */
export interface HeldStreams {
  readonly terminal: boolean;
  readonly stdin: boolean;
  readonly fifoDir: string;
}

/**
 * FIFOs for a task that starts with nobody attached: nothing is copied, so that all it writes is still
 * there for the first attach. A runtime may wait for readers, so there are some, which read nothing,
 * as long as this process lives; by then the runtime holds the FIFOs itself.
 */
export function heldCreator({ terminal, stdin, fifoDir }: HeldStreams): Creator {
  return async (id, { signal } = {}) => {
    signal?.throwIfAborted();
    const fifos = await newFIFOSetInDir(fifoDir, id, terminal);
    const config = { ...fifos.config, stdin: stdin ? fifos.config.stdin : "" };
    if (!stdin) await unlink(fifos.config.stdin);
    const readers = [config.stdout, config.stderr].filter(Boolean).map(openReader);
    const close = async () => {
      for (const fd of readers) closeSync(fd);
      await fifos.close();
    };
    return newIO({ config, close });
  };
}

function openReader(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}
