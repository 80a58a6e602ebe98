/** Words of the header, which is slot 0: how many pipes are grown, and how often the JS thread has written. */
export const GROWN_PIPES = 0;
export const WRITES = 1;

/** Words (32 bits) of a slot in the shared table. */
export const STRIDE = 10;
export const STATE = 0;
export const SRC = 1;
export const DST = 2;
export const KIND = 3;
export const WHY = 4;
export const ERR = 5;
export const GEN = 6;
export const GROWN = 7;
/** The byte counter's place in the float64 view of a slot, whose stride is half of {@link STRIDE}. */
export const BYTES = 4;

/** States of a slot, changed by compare-and-swap only. */
export const FREE = 0;
export const IDLE = 1;
export const BUSY = 2;
export const STOP = 3;
export const DONE = 4;
/** Readiness is told to the JS thread, nothing is moved: not even at a late event of the slot's last owner. */
export const WATCHED = 5;

/** How a slot's bytes are moved. */
export const SPLICE = 0;
/** tee, write, drop: for files that were opened to append, and devices without splice. */
export const TEE_WRITE = 1;
/** tee, send, drop: for sockets as sinks, whatever their blocking mode. */
export const TEE_SEND = 2;
/** peek, write, drop: for sockets as sources. */
export const RECV_WRITE = 3;
/** read, write: for devices without splice as sources, /dev/null among them. */
export const READ_WRITE = 4;
/** The bits above. */
export const KIND_MASK = 7;
/** Flag: a source that gives 0 bytes is at its end (for a pipe, it may be waiting for a writer). */
export const ZERO_ENDS = 8;
/** Flag: the FIFO is the destination, as for stdin. */
export const INBOUND = 16;

/**
 * Flag: what is not moved now raises an event later. So it is where the source is a pipe, and the sink
 * one too, or /dev/null: after a short move one of them has no more to give or take. A file may be full.
 */
export const TELLS = 32;
/** Flag: the source's last writer has gone, which is told once. */
export const HUNG_UP = 64;

/** What a slot's grown word tells: its pipes were looked at, and which of them are grown. */
export const TRIED = 1;
export const GROWN_SRC = 2;
export const GROWN_DST = 4;

/** Why a transfer ended. */
export const EOF = 1;
export const FAILED = 2;

export const SLOTS = 65_536;
/** Pipes of 1 MiB at once: half of what a user may have before the kernel hands out single pages. */
export const MAX_GROWN = 32;
export const DEFAULT_PIPE_SIZE = 65_536;
export const GROWN_PIPE_SIZE = 1 << 20;

/** What the worker gets in its one message. */
export interface Init {
  readonly libc: readonly string[];
  readonly epoll: number;
  readonly table: SharedArrayBuffer;
  /** Read and write end of a pipe that only the worker uses. */
  readonly scratch: readonly [number, number];
  readonly devNull: number;
}
