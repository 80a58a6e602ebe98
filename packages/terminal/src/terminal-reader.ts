import { TaskIOError } from "@taskio/core";
import { ReadEnd } from "@taskio/fifo/reactor";
import type { Input } from "./input.ts";
import { libc, linux } from "./libc.ts";
import { reopenTerminal } from "./reopen-terminal.ts";

/** What a terminal holds for its readers (the kernel's N_TTY_BUF_SIZE). */
const bufferSize = 4096;

/** A terminal, read exactly: what was not asked for stays in it. */
export class TerminalReader implements Input {
  readonly #theirs: number;
  readonly #end: ReadEnd;
  readonly #buffer = new Uint8Array(bufferSize);
  #released = false;

  /** @throws TaskIOError `INVALID_ARGUMENT`, `PERMISSION`, `UNSUPPORTED` */
  constructor(fd: number) {
    this.#theirs = fd;
    this.#end = new ReadEnd(reopenTerminal(fd), `the terminal at fd ${fd}`);
  }

  read(max: number): Uint8Array | "empty" | "eof" {
    const size = Math.min(max, bufferSize);
    for (;;) {
      if (this.#released) return "empty";
      const count = libc().read(this.#end.fd, this.#buffer, size);
      if (count > 0) return this.#buffer.slice(0, count);
      if (count === 0) return "eof"; // ^D at the start of a line, or hung up
      const errno = libc().errno();
      if (errno === linux.EAGAIN) return "empty";
      if (errno === linux.EIO) return "eof"; // is about to hang up
      if (errno !== linux.EINTR) throw this.#failed(errno);
    }
  }

  readable(): Promise<void> {
    return this.#end.readable();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#end.close();
  }

  #failed(errno: number): TaskIOError {
    return TaskIOError.fromErrno(errno, {
      code: "SOURCE_FAILED",
      doing: `read the terminal at fd ${this.#theirs}`,
      syscall: "read",
    });
  }
}
