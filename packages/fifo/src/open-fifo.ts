import { stat } from "node:fs/promises";
import { TaskIOError } from "@taskio/core";
import { FIFOHandle } from "./fifo-handle.ts";
import { linux } from "./libc.ts";
import { makeFIFO } from "./make-fifo.ts";
import { OpenedFIFO } from "./opened-fifo.ts";

/** How {@link openFifo} opens. Go: the flags of `fifo.OpenFifo`. */
export interface OpenFifoOptions {
  /** `O_RDONLY`, or with `write` `O_RDWR`. */
  readonly read?: boolean;
  /** `O_WRONLY`, or with `read` `O_RDWR`. */
  readonly write?: boolean;
  /** `O_CREAT`: makes the FIFO where the path does not exist. */
  readonly create?: boolean;
  /** `O_NONBLOCK`: does not wait for the other side; reads and writes do then. */
  readonly nonblock?: boolean;
  /** Permission bits of a FIFO that is made, lowered by the umask; 0o700 by default. */
  readonly mode?: number;
  /** Ends an open that still waits for the other side; nothing once it has come. */
  readonly signal?: AbortSignal;
}

/** An open FIFO. Go: the `io.ReadWriteCloser` of `fifo.OpenFifo`. */
export interface FIFO extends AsyncDisposable {
  readonly path: string;
  /**
   * Reads into `buffer` what is there, waiting for a first byte.
   *
   * @returns how many bytes; 0 at the end, again and again
   * @throws TaskIOError `CLOSED`, also for a read under way at close; `INVALID_ARGUMENT` when opened
   * for writing only
   */
  read(buffer: Uint8Array): Promise<number>;
  /**
   * Writes all of `data`, waiting for the other side and for room.
   *
   * @returns `data.length`
   * @throws TaskIOError `PEER_GONE` when the last reader left; `CLOSED`; `INVALID_ARGUMENT` when opened
   * for reading only
   */
  write(data: Uint8Array): Promise<number>;
  /** Closes, before the other side came too. Nobody else who waits at the FIFO is woken. */
  close(): Promise<void>;
}

/**
 * Opens a FIFO without blocking the JS thread or any other. Go: `fifo.OpenFifo`.
 *
 * Without `nonblock` it resolves when the other side has opened too. The FIFO is found once: a rename
 * or removal of the path later changes nothing. Takes no reader lock, unlike an attach.
 *
 * @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `INVALID_ARGUMENT` (neither read nor write),
 * `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED` (not on Linux); the signal's reason
 *
 * @example
 * ```ts
 * import { openFifo } from "@taskio/fifo";
 * import { tmpdir } from "node:os";
 *
 * const path = `${tmpdir()}/greeting-${process.pid}`;
 * await using fifo = await openFifo(path, { read: true, write: true, create: true });
 * await fifo.write(new TextEncoder().encode("hello"));
 * console.log(await fifo.read(new Uint8Array(64))); // 5
 * ```
 */
export async function openFifo(path: string, options: OpenFifoOptions = {}): Promise<FIFO> {
  const { read = false, write = false, create = false, nonblock = false, mode, signal } = options;
  signal?.throwIfAborted();
  if (!read && !write) {
    throw new TaskIOError("INVALID_ARGUMENT", `opening "${path}" for nothing: give read or write`);
  }
  if (create) await makeIfMissing(path, mode ?? 0o700);
  signal?.throwIfAborted();
  const access = read && write ? linux.O_RDWR : read ? linux.O_RDONLY : linux.O_WRONLY;
  const fifo = new OpenedFIFO(new FIFOHandle(path), access);
  if (nonblock || access === linux.O_RDWR) {
    fifo.closeOnAbort(signal);
    return fifo;
  }
  try {
    await fifo.untilOpen(signal);
    return fifo;
  } catch (error) {
    await fifo.close();
    throw error;
  }
}

async function makeIfMissing(path: string, mode: number): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    (error) => error.code !== "ENOENT",
  );
  if (exists) return;
  await makeFIFO(path, mode).catch((error: TaskIOError) => {
    if (error.errno !== "EEXIST") throw error; // made by somebody else meanwhile: as good
  });
}
