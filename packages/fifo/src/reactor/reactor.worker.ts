// The reactor's thread: it sleeps in epoll_wait and moves bytes inside the kernel. It is imported as
// text and run from a Blob (see start-worker.ts), so it must stand alone: its one value import is
// moves.worker.ts, and what it shares with the JS thread is checked by type.
import type * as Layout from "./layout.ts";
import {
  CHUNK,
  EAGAIN,
  EINTR,
  EINVAL,
  KIND_MASK,
  type Library,
  load,
  Moves,
  READ_WRITE,
  SPLICE,
  TEE_WRITE,
} from "./moves.worker.ts";

export default "" as string; // what `import … with { type: "text" }` is typed as before TypeScript 7.1

declare const self: Worker;

const GROWN_PIPES: typeof Layout.GROWN_PIPES = 0;
const WRITES: typeof Layout.WRITES = 1;
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
const ZERO_ENDS: typeof Layout.ZERO_ENDS = 8;
const INBOUND: typeof Layout.INBOUND = 16;
const TELLS: typeof Layout.TELLS = 32;
const HUNG_UP: typeof Layout.HUNG_UP = 64;
const TRIED: typeof Layout.TRIED = 1;
const GROWN_SRC: typeof Layout.GROWN_SRC = 2;
const GROWN_DST: typeof Layout.GROWN_DST = 4;
const EOF: typeof Layout.EOF = 1;
const FAILED: typeof Layout.FAILED = 2;
const SLOTS: typeof Layout.SLOTS = 65_536;
const MAX_GROWN: typeof Layout.MAX_GROWN = 32;
const DEFAULT_PIPE_SIZE: typeof Layout.DEFAULT_PIPE_SIZE = 65_536;
const GROWN_PIPE_SIZE: typeof Layout.GROWN_PIPE_SIZE = 1_048_576;

const EPOLLHUP = 16;
/** Bytes of one slot's turn. */
const TURN = 1 << 20;
const EVENTS = 256;
/** So many rounds are looked at together. */
const ROUNDS = 128;
/** How long they take at least where nobody hurries, in ms. */
const UNHURRIED = 12;
/** Pieces of less are no load, in bytes. */
const SMALLEST = 1024;
/** How long to let pieces gather, in µs: a grown pipe takes 2 GB/s meanwhile. */
const NAP = 300;
// struct epoll_event is packed on x86-64 only; its data is the slot, then the generation.
const EVENT = process.arch === "x64" ? 3 : 4;

self.onmessage = ({ data }: MessageEvent<Layout.Init>) => new Engine(data, load(data.libc)).run();

/**
 * Tells when small pieces come so quickly that waking up for each, and waiting for the pipe's lock with
 * its writer, takes more than moving them: then they are left to gather.
 */
class Pace {
  hurried = false;
  #rounds = 0;
  #bytes = 0;
  #talks = false;
  #since = performance.now();

  /** Whether to let pieces gather before the next round. */
  isHurried(): boolean {
    if (++this.#rounds < ROUNDS) return this.hurried;
    const now = performance.now();
    const piece = this.#bytes / ROUNDS;
    const gathers = !this.#talks && piece > SMALLEST && piece < DEFAULT_PIPE_SIZE;
    this.hurried = gathers && now - this.#since < UNHURRIED;
    this.#rounds = 0;
    this.#bytes = 0;
    this.#talks = false;
    this.#since = now;
    return false; // pipes are grown in this round
  }

  /** Only a pipe that was grown has room for what gathers. */
  moved(bytes: number, isGrown: boolean): void {
    this.#bytes += bytes;
    if (!isGrown) this.hurried = false;
  }

  /** Somebody may wait for each piece. */
  talks(): void {
    this.hurried = false;
    this.#talks = true;
  }
}

class Engine {
  readonly #c: Library;
  readonly #init: Layout.Init;
  readonly #table: Int32Array;
  readonly #bytes: Float64Array;
  readonly #moves: Moves;
  readonly #events = new Int32Array(EVENT * EVENTS);
  readonly #pace = new Pace();
  #unfinished: [slot: number, generation: number][] = [];
  #writes = 0;

  constructor(init: Layout.Init, c: Library) {
    this.#c = c;
    this.#init = init;
    this.#table = new Int32Array(init.table);
    this.#bytes = new Float64Array(init.table);
    this.#moves = new Moves(init, c);
  }

  run(): never {
    for (;;) {
      this.#seeWrites();
      if (this.#pace.isHurried() && this.#unfinished.length === 0) this.#c.usleep(NAP);
      const timeout = this.#unfinished.length > 0 ? 0 : -1;
      const count = this.#c.epoll_wait(this.#init.epoll, this.#events, EVENTS, timeout);
      const unfinished = this.#unfinished;
      this.#unfinished = [];
      for (const [slot, generation] of unfinished) this.#event(slot, generation);
      for (let at = 0; at < count * EVENT; at += EVENT) {
        const isHungUp = (this.#events[at]! & EPOLLHUP) !== 0;
        this.#event(this.#events[at + EVENT - 2]!, this.#events[at + EVENT - 1]!, isHungUp);
      }
    }
  }

  /** Who writes to a task's stdin from the JS thread may wait for the answer. */
  #seeWrites(): void {
    const writes = this.#table[WRITES]!;
    if (writes !== this.#writes) this.#pace.talks();
    this.#writes = writes;
  }

  #event(slot: number, generation: number, isHungUp = false): void {
    const at = slot * STRIDE;
    if (Atomics.load(this.#table, at + GEN) !== generation) return; // of a transfer that is gone
    if (Atomics.load(this.#table, at + STATE) !== WATCHED) return this.#pump(slot, isHungUp);
    this.#pace.talks();
    this.#tell(slot, generation);
  }

  /** Moves bytes until one side has no more to give or take, or the slot's turn is over. */
  #pump(slot: number, isHungUp: boolean): void {
    const table = this.#table;
    const at = slot * STRIDE;
    if (Atomics.compareExchange(table, at + STATE, IDLE, BUSY) !== IDLE) return; // ended meanwhile
    const generation = table[at + GEN]!;
    if (isHungUp) table[at + KIND]! |= HUNG_UP;
    let left = TURN;
    while (Atomics.load(table, at + STATE) !== STOP) {
      const kind = table[at + KIND]! & KIND_MASK;
      const moved = this.#moves.step(kind, table[at + SRC]!, table[at + DST]!);
      if (moved > 0) {
        this.#bytes[slot * (STRIDE / 2) + BYTES]! += moved;
        const isLarge = moved >= DEFAULT_PIPE_SIZE || (this.#pace.hurried && moved > SMALLEST);
        const hasMoreRoom = isLarge && this.#grow(at);
        this.#pace.moved(moved, (table[at + GROWN]! & GROWN_SRC) !== 0);
        if ((table[at + KIND]! & INBOUND) !== 0) this.#pace.talks();
        if (moved < CHUNK && !hasMoreRoom && this.#tells(at)) break;
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

  /** Whether a short move is the last one until the next event; not once the end may be all that is left. */
  #tells(at: number): boolean {
    return (this.#table[at + KIND]! & (KIND_MASK | TELLS | HUNG_UP)) === TELLS;
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
    return this.#moves.isHungUp(this.#table[at + SRC]!);
  }

  /** A FIFO that was full once is likely to be again: a larger one needs fewer wake-ups. */
  #grow(at: number): boolean {
    const table = this.#table;
    if (table[at + GROWN] !== 0) return false;
    table[at + GROWN] = TRIED;
    const src = this.#growPipe(table[at + SRC]!) ? GROWN_SRC : 0;
    const dst = this.#growPipe(table[at + DST]!) ? GROWN_DST : 0;
    table[at + GROWN] = TRIED | src | dst;
    return (src | dst) !== 0;
  }

  /** Unless somebody has given it a size of its own. */
  #growPipe(fd: number): boolean {
    if (this.#moves.pipeSize(fd) !== DEFAULT_PIPE_SIZE) return false;
    const mayGrow = Atomics.add(this.#table, GROWN_PIPES, 1) < MAX_GROWN;
    const grown = mayGrow && this.#moves.resizePipe(fd, GROWN_PIPE_SIZE);
    if (!grown) Atomics.sub(this.#table, GROWN_PIPES, 1);
    return grown;
  }
}
