// The reactor's thread: it sleeps in epoll_wait and moves bytes inside the kernel. It is imported as
// text and run from a Blob, so it must stand alone: value imports are bun:ffi only, and what it
// shares with the JS thread is checked by type.
import { dlopen, FFIType, read } from "bun:ffi";
import type * as Layout from "./layout.ts";

export default "" as string; // what `import … with { type: "text" }` is typed as before TypeScript 7.1

declare const self: Worker;

const STRIDE: typeof Layout.STRIDE = 10;
const STATE: typeof Layout.STATE = 0;
const SRC: typeof Layout.SRC = 1;
const DST: typeof Layout.DST = 2;
const KIND: typeof Layout.KIND = 3;
const WHY: typeof Layout.WHY = 4;
const ERR: typeof Layout.ERR = 5;
const GEN: typeof Layout.GEN = 6;
const GROWN: typeof Layout.GROWN = 7;
const BYTES: typeof Layout.BYTES = 4;
const IDLE: typeof Layout.IDLE = 1;
const BUSY: typeof Layout.BUSY = 2;
const STOP: typeof Layout.STOP = 3;
const DONE: typeof Layout.DONE = 4;
const WATCHED: typeof Layout.WATCHED = 5;
const SPLICE: typeof Layout.SPLICE = 0;
const TEE_WRITE: typeof Layout.TEE_WRITE = 1;
const TEE_SEND: typeof Layout.TEE_SEND = 2;
const RECV_WRITE: typeof Layout.RECV_WRITE = 3;
const READ_WRITE: typeof Layout.READ_WRITE = 4;
const KIND_MASK: typeof Layout.KIND_MASK = 7;
const ZERO_ENDS: typeof Layout.ZERO_ENDS = 8;
const INBOUND: typeof Layout.INBOUND = 16;
const TRIED: typeof Layout.TRIED = 1;
const GROWN_SRC: typeof Layout.GROWN_SRC = 2;
const GROWN_DST: typeof Layout.GROWN_DST = 4;
const EOF: typeof Layout.EOF = 1;
const FAILED: typeof Layout.FAILED = 2;
const SLOTS: typeof Layout.SLOTS = 65_536;
const MAX_GROWN: typeof Layout.MAX_GROWN = 32;
const DEFAULT_PIPE_SIZE: typeof Layout.DEFAULT_PIPE_SIZE = 65_536;
const GROWN_PIPE_SIZE: typeof Layout.GROWN_PIPE_SIZE = 1_048_576;

const EINTR = 4;
const EAGAIN = 11;
const EINVAL = 22;
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

/** Bytes of one splice, of one step through memory, of one into a file, and of one slot's turn. */
const CHUNK = 1 << 20;
const STEP = 1 << 16;
const FILE_STEP = 1 << 18;
/** What a pipe that has room takes whole (PIPE_BUF). */
const ATOMIC = 4096;
const TURN = 1 << 20;
const EVENTS = 256;
// struct epoll_event is packed on x86-64 only; its data is the slot, then the generation.
const EVENT = process.arch === "x64" ? 3 : 4;

type Library = ReturnType<typeof load>;

self.onmessage = ({ data }: MessageEvent<Layout.Init>) => new Engine(data, load(data.libc)).run();

function load(names: readonly string[]) {
  const { i32, u32, u64, ptr } = FFIType;
  const signatures = {
    epoll_wait: { args: [i32, ptr, i32, i32], returns: i32 },
    splice: { args: [i32, ptr, i32, ptr, u64, u32], returns: i32 },
    tee: { args: [i32, i32, u64, u32], returns: i32 },
    poll: { args: [ptr, u64, i32], returns: i32 },
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

class Engine {
  readonly #c: Library;
  readonly #init: Layout.Init;
  readonly #table: Int32Array;
  readonly #bytes: Float64Array;
  readonly #errno: () => number;
  // Buffers go to C as they are: a ptr() kept apart does not keep its buffer alive.
  readonly #events = new Int32Array(EVENT * EVENTS);
  readonly #poll = new Int32Array(2);
  readonly #step = new Uint8Array(FILE_STEP);
  #unfinished: [slot: number, generation: number][] = [];

  constructor(init: Layout.Init, c: Library) {
    this.#c = c;
    this.#init = init;
    this.#table = new Int32Array(init.table);
    this.#bytes = new Float64Array(init.table);
    const location = c.__errno_location()!;
    this.#errno = () => read.i32(location, 0);
    c.fcntl(init.scratch[1], F_SETPIPE_SZ, FILE_STEP); // where that is refused, steps are smaller
    this.#ignoreSigpipe();
  }

  run(): never {
    for (;;) {
      const timeout = this.#unfinished.length > 0 ? 0 : -1;
      const count = this.#c.epoll_wait(this.#init.epoll, this.#events, EVENTS, timeout);
      const unfinished = this.#unfinished;
      this.#unfinished = [];
      for (const [slot, generation] of unfinished) this.#event(slot, generation);
      for (let i = 0; i < count; i++) {
        this.#event(this.#events[i * EVENT + EVENT - 2]!, this.#events[i * EVENT + EVENT - 1]!);
      }
    }
  }

  #event(slot: number, generation: number): void {
    const at = slot * STRIDE;
    if (Atomics.load(this.#table, at + GEN) !== generation) return; // of a transfer that is gone
    if (Atomics.load(this.#table, at + STATE) === WATCHED) this.#tell(slot, generation);
    else this.#pump(slot);
  }

  /** Moves bytes until one side has no more to give or take, or the slot's turn is over. */
  #pump(slot: number): void {
    const table = this.#table;
    const at = slot * STRIDE;
    if (Atomics.compareExchange(table, at + STATE, IDLE, BUSY) !== IDLE) return; // ended meanwhile
    const generation = table[at + GEN]!;
    let left = TURN;
    while (Atomics.load(table, at + STATE) !== STOP) {
      const moved = this.#move(at);
      if (moved > 0) {
        this.#bytes[slot * (STRIDE / 2) + BYTES]! += moved;
        if (moved >= DEFAULT_PIPE_SIZE && table[at + GROWN] === 0) this.#grow(at);
        if ((left -= moved) > 0) continue;
        this.#unfinished.push([slot, generation]);
        break;
      }
      const errno = -moved;
      if (errno === EINTR) continue;
      if (errno === EAGAIN) break;
      if (errno === EINVAL && this.#stepInstead(at)) continue;
      if (errno === 0 && !this.#ended(at)) break;
      return this.#end(slot, generation, errno);
    }
    if (Atomics.compareExchange(table, at + STATE, BUSY, IDLE) === STOP)
      this.#tell(slot, generation);
  }

  #end(slot: number, generation: number, errno: number): void {
    const at = slot * STRIDE;
    this.#table[at + WHY] = errno === 0 ? EOF : FAILED;
    this.#table[at + ERR] = errno;
    Atomics.store(this.#table, at + STATE, DONE);
    this.#tell(slot, generation);
  }

  #tell(slot: number, generation: number): void {
    self.postMessage(generation * SLOTS + slot);
  }

  /** One step of a slot: the bytes moved, or the errno negated. */
  #move(at: number): number {
    const src = this.#table[at + SRC]!;
    const dst = this.#table[at + DST]!;
    switch (this.#table[at + KIND]! & KIND_MASK) {
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

  /** Splice refuses files opened to append, and some devices. */
  #stepInstead(at: number): boolean {
    const kind = this.#table[at + KIND]!;
    if ((kind & KIND_MASK) !== SPLICE) return false;
    this.#table[at + KIND] = kind | ((kind & INBOUND) !== 0 ? READ_WRITE : TEE_WRITE);
    return true;
  }

  /** Whether no bytes means no more: for a pipe, only if its writers have come and gone. */
  #ended(at: number): boolean {
    if ((this.#table[at + KIND]! & ZERO_ENDS) !== 0) return true;
    return (this.#ready(this.#table[at + SRC]!, POLLIN) & (POLLIN | POLLHUP)) === POLLHUP;
  }

  #ready(fd: number, events: number, timeout = 0): number {
    this.#poll[0] = fd;
    this.#poll[1] = events;
    return this.#c.poll(this.#poll, 1, timeout) > 0 ? this.#poll[1]! >>> 16 : 0;
  }

  /** A FIFO that was full once is likely to be again: a larger one needs fewer wake-ups. */
  #grow(at: number): void {
    const table = this.#table;
    table[at + GROWN] = TRIED;
    const src = this.#growPipe(table[at + SRC]!) ? GROWN_SRC : 0;
    const dst = this.#growPipe(table[at + DST]!) ? GROWN_DST : 0;
    table[at + GROWN] = TRIED | src | dst;
  }

  /** Unless somebody has given it a size of its own. */
  #growPipe(fd: number): boolean {
    if (this.#c.fcntl(fd, F_GETPIPE_SZ, 0) !== DEFAULT_PIPE_SIZE) return false;
    const mayGrow = Atomics.add(this.#table, 0, 1) < MAX_GROWN;
    const grown = mayGrow && this.#c.fcntl(fd, F_SETPIPE_SZ, GROWN_PIPE_SIZE) > 0;
    if (!grown) Atomics.sub(this.#table, 0, 1);
    return grown;
  }

  /** A process that set SIGPIPE to its default must not die of a sink that left. */
  #ignoreSigpipe(): void {
    const set = new BigUint64Array(16);
    set[0] = 1n << BigInt(SIGPIPE - 1);
    this.#c.pthread_sigmask(SIG_BLOCK, set, null);
  }
}
