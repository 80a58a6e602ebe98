import { closeSync } from "node:fs";
import { TaskIOError } from "@taskio/core";
import { libc, linux } from "../libc.ts";

// struct epoll_event is packed on x86-64 only; its data is the slot, then the generation.
const words = process.arch === "x64" ? 3 : 4;

/** An epoll instance. The worker waits on it; the JS thread adds and removes. */
export class Epoll {
  readonly fd: number;
  readonly #event = new Int32Array(words);

  constructor() {
    this.fd = libc().epoll_create1(linux.O_CLOEXEC);
    if (this.fd < 0) failed("make an epoll instance", "epoll_create1");
  }

  /** Watches an fd; gives false for what is always ready (regular files, /dev/null). */
  add(fd: number, events: number, slot: number, generation: number): boolean {
    if (this.#control(linux.EPOLL_CTL_ADD, fd, events, slot, generation) === 0) return true;
    if (libc().errno() === linux.EPERM) return false;
    return failed(`watch fd ${fd}`, "epoll_ctl");
  }

  modify(fd: number, events: number, slot: number, generation: number): void {
    if (this.#control(linux.EPOLL_CTL_MOD, fd, events, slot, generation) !== 0) {
      failed(`watch fd ${fd}`, "epoll_ctl");
    }
  }

  /** To be called before an fd is closed: a dup elsewhere would keep the entry alive for good. */
  remove(fd: number): void {
    libc().epoll_ctl(this.fd, linux.EPOLL_CTL_DEL, fd, null);
  }

  close(): void {
    closeSync(this.fd);
  }

  #control(op: number, fd: number, events: number, slot: number, generation: number): number {
    this.#event[0] = events;
    this.#event[words - 2] = slot;
    this.#event[words - 1] = generation;
    return libc().epoll_ctl(this.fd, op, fd, this.#event);
  }
}

function failed(doing: string, syscall: string): never {
  throw TaskIOError.fromErrno(libc().errno(), { doing, syscall });
}
