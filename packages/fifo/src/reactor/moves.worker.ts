// The ways in which the reactor's thread moves bytes. Like reactor.worker.ts, whose other half it is, it
// is imported as text and run from a Blob: value imports are bun:ffi only.
import { dlopen, FFIType, read } from "bun:ffi";
import type * as Layout from "./layout.ts";

export default "" as string; // what `import … with { type: "text" }` is typed as before TypeScript 7.1

export const SPLICE: typeof Layout.SPLICE = 0;
export const TEE_WRITE: typeof Layout.TEE_WRITE = 1;
const TEE_SEND: typeof Layout.TEE_SEND = 2;
const RECV_WRITE: typeof Layout.RECV_WRITE = 3;
export const READ_WRITE: typeof Layout.READ_WRITE = 4;
export const KIND_MASK: typeof Layout.KIND_MASK = 7;

export const EINTR = 4;
export const EAGAIN = 11;
export const EINVAL = 22;
const POLLIN = 1;
const POLLOUT = 4;
const POLLHUP = 16;
const SPLICE_F_MOVE = 1;
const SPLICE_F_NONBLOCK = 2;
const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const MSG_PEEK = 2;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SIGPIPE = 13;
const SIG_BLOCK = 0;

/** Bytes of one splice, of one step through memory, and of one into a file. */
export const CHUNK = 1 << 20;
const STEP = 1 << 16;
const FILE_STEP = 1 << 18;
/** What a pipe that has room takes whole (PIPE_BUF). */
const ATOMIC = 4096;

export type Library = ReturnType<typeof load>;

export function load(names: readonly string[]) {
  const { i32, u32, u64, ptr } = FFIType;
  const signatures = {
    epoll_wait: { args: [i32, ptr, i32, i32], returns: i32 },
    splice: { args: [i32, ptr, i32, ptr, u64, u32], returns: i32 },
    tee: { args: [i32, i32, u64, u32], returns: i32 },
    poll: { args: [ptr, u64, i32], returns: i32 },
    usleep: { args: [u32], returns: i32 },
    read: { args: [i32, ptr, u64], returns: i32 },
    write: { args: [i32, ptr, u64], returns: i32 },
    recv: { args: [i32, ptr, u64, i32], returns: i32 },
    send: { args: [i32, ptr, u64, i32], returns: i32 },
    fcntl: { args: [i32, i32, FFIType.i64], returns: i32 },
    pthread_sigmask: { args: [i32, ptr, ptr], returns: i32 },
    __errno_location: { args: [], returns: ptr },
  } as const;
  for (const name of names.slice(0, -1)) {
    try {
      return dlopen(name, signatures).symbols;
    } catch {
      // the next name may do
    }
  }
  return dlopen(names.at(-1)!, signatures).symbols;
}

/** What the loop asks of the kernel about fds. */
export class Moves {
  readonly #c: Library;
  readonly #init: Layout.Init;
  readonly #errno: () => number;
  // Buffers go to C as they are: a ptr() kept apart does not keep its buffer alive.
  readonly #poll = new Int32Array(2);
  readonly #step = new Uint8Array(FILE_STEP);

  constructor(init: Layout.Init, c: Library) {
    this.#c = c;
    this.#init = init;
    const location = c.__errno_location()!;
    this.#errno = () => read.i32(location, 0);
    this.resizePipe(init.scratch[1], FILE_STEP); // where that is refused, steps are smaller
    this.#ignoreSigpipe();
  }

  /** One step of a kind: the bytes moved, or the errno negated. */
  step(kind: number, src: number, dst: number): number {
    switch (kind) {
      case TEE_WRITE:
        return this.#teeStep(src, FILE_STEP, (size) => this.#c.write(dst, this.#step, size));
      case TEE_SEND:
        return this.#teeStep(src, STEP, (size) =>
          this.#c.send(dst, this.#step, size, MSG_DONTWAIT | MSG_NOSIGNAL),
        );
      case RECV_WRITE:
        return this.#receiveStep(src, dst);
      case READ_WRITE:
        return this.#readStep(src, dst);
      default:
        return this.#result(
          this.#c.splice(src, null, dst, null, CHUNK, SPLICE_F_MOVE | SPLICE_F_NONBLOCK),
        );
    }
  }

  #result(returned: number): number {
    return returned < 0 ? -this.#errno() : returned;
  }

  /** Copies without taking, writes, then drops what was written: at a failure nothing is in between. */
  #teeStep(src: number, limit: number, write: (size: number) => number): number {
    const size = this.#result(this.#c.tee(src, this.#init.scratch[1], limit, SPLICE_F_NONBLOCK));
    if (size <= 0) return size;
    for (let got = 0; got < size;) {
      const n = this.#c.read(this.#init.scratch[0], this.#step.subarray(got), size - got);
      if (n > 0) got += n;
    }
    const written = this.#result(write(size));
    if (written > 0) this.#drop(src, written);
    return written;
  }

  #drop(src: number, size: number): void {
    for (let left = size; left > 0;) {
      const n = this.#result(
        this.#c.splice(src, null, this.#init.devNull, null, left, SPLICE_F_NONBLOCK),
      );
      if (n > 0) left -= n;
      else if (n !== -EINTR) return; // a foreign reader took them
    }
  }

  #receiveStep(src: number, dst: number): number {
    const size = this.#result(this.#c.recv(src, this.#step, STEP, MSG_PEEK | MSG_DONTWAIT));
    if (size <= 0) return size;
    const written = this.#result(this.#c.write(dst, this.#step, size));
    for (let left = written; left > 0;) {
      const n = this.#result(this.#c.recv(src, this.#step, left, MSG_DONTWAIT));
      if (n > 0) left -= n;
      else if (n !== -EINTR) break;
    }
    return written;
  }

  /** Takes no more than the FIFO has room for: what was read from a device cannot be given back. */
  #readStep(src: number, dst: number): number {
    if (this.#ready(dst, POLLOUT) === 0 || this.#ready(src, POLLIN) === 0) return -EAGAIN;
    const size = this.#result(this.#c.read(src, this.#step, ATOMIC));
    if (size <= 0) return size;
    for (;;) {
      const written = this.#result(this.#c.write(dst, this.#step, size));
      if (written !== -EAGAIN) return written;
      this.#ready(dst, POLLOUT, 10); // another writer was quicker
    }
  }

  #ready(fd: number, events: number, timeout = 0): number {
    this.#poll[0] = fd;
    this.#poll[1] = events;
    return this.#c.poll(this.#poll, 1, timeout) > 0 ? this.#poll[1]! >>> 16 : 0;
  }

  /** Whether writers of a pipe have come and gone, and nothing is left. */
  isHungUp(fd: number): boolean {
    return (this.#ready(fd, POLLIN) & (POLLIN | POLLHUP)) === POLLHUP;
  }

  /** Less than 0 for what is no pipe. */
  pipeSize(fd: number): number {
    return this.#c.fcntl(fd, F_GETPIPE_SZ, 0);
  }

  resizePipe(fd: number, size: number): boolean {
    return this.#c.fcntl(fd, F_SETPIPE_SZ, size) > 0;
  }

  /** A process that set SIGPIPE to its default must not die of a sink that left. */
  #ignoreSigpipe(): void {
    const set = new BigUint64Array(16);
    set[0] = 1n << BigInt(SIGPIPE - 1);
    this.#c.pthread_sigmask(SIG_BLOCK, set, null);
  }
}
