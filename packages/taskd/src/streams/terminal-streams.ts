import { closeSync, openSync } from "node:fs";
import { INBOUND, SPLICE, Transfer, type TransferEnd, ZERO_ENDS } from "@taskio/fifo/reactor";
import { linux } from "../libc.ts";
import type { Size } from "../process/process-spec.ts";
import { report } from "../report.ts";
import type { Output } from "./output.ts";
import type { ProcessStreams } from "./process-streams.ts";
import { Pty } from "./pty.ts";
import type { StdinFIFO } from "./stdin-fifo.ts";

/** How long the last output of an ended process may take to its reader when it is deleted, in ms. */
const drainGrace = 2_000;

/** How long the reactor's thread may take to let go, in ms. */
const stopLimit = 1_000;

/**
 * A pseudo-terminal between a process and its streams. Bytes are moved inside the kernel, and only
 * while there is room: an output that nobody reads stops the program.
 */
export class TerminalStreams implements ProcessStreams {
  readonly #pty = new Pty();
  readonly #stdin: StdinFIFO | undefined;
  readonly #output: Output;
  readonly #transfers = new Set<Transfer>();
  /** What it writes is where it was to go, or can't go there. */
  #delivered: Promise<unknown> = Promise.resolve();
  /** Nobody has the terminal open any more, and nothing is left in it; undefined before the start. */
  #drained: Promise<void> | undefined;
  #letGo: Promise<void> | undefined;

  constructor(stdin: StdinFIFO | undefined, output: Output, size: Size | undefined) {
    this.#stdin = stdin;
    this.#output = output;
    try {
      if (size) this.#pty.resize(size);
    } catch (error) {
      this.#pty.close();
      throw error;
    }
  }

  childFds(): number[] {
    const slave = this.#pty.openSlave();
    return [slave, slave, slave];
  }

  started(): void {
    const delivery = this.#deliver();
    this.#delivered = delivery.catch(() => {});
    this.#drained = delivery.then((gone) => this.#drain(gone)).catch(report);
    if (this.#stdin) void this.#move(this.#stdin.reader, this.#pty.input, SPLICE).catch(report);
  }

  closeStdin(): void {}

  resize(size: Size): void {
    if (!this.#letGo) this.#pty.resize(size);
  }

  /** What the process left behind may still have the terminal. */
  ended(): void {
    if (!this.#drained) this.#output.ended();
    void Promise.resolve(this.#drained).then(() => this.#close());
  }

  /** The kernel knows who reads: where nobody but us does, the rest fails to be written. */
  async flush(): Promise<void> {
    this.#output.dropReader?.();
    await this.#delivered;
  }

  async close(): Promise<void> {
    await Promise.race([this.flush(), Bun.sleep(drainGrace)]);
    await this.#close();
    await this.#output.close();
  }

  /** Lets go of the terminal and its input. */
  #close(): Promise<void> {
    return (this.#letGo ??= this.#stopAll().then(() => {
      this.#pty.close();
      this.#stdin?.close();
    }));
  }

  async #stopAll(): Promise<void> {
    for (const transfer of this.#transfers) transfer.stop(stopLimit);
    await Promise.all([...this.#transfers].map((transfer) => transfer.released));
  }

  /** @returns whether the output is gone, as a logger that died */
  async #deliver(): Promise<boolean> {
    const { writer } = this.#output;
    if (writer === undefined) return false;
    const end = await this.#move(this.#pty.master, writer, SPLICE | INBOUND | ZERO_ENDS);
    return end.why === "failed" && end.errno !== linux.EIO;
  }

  async #drain(outputIsGone: boolean): Promise<void> {
    if (outputIsGone && !this.#letGo) await this.#discard();
    if (!this.#letGo) this.#output.ended();
  }

  /** The program must not stop for an output that is gone. */
  async #discard(): Promise<void> {
    const devNull = openSync("/dev/null", "w");
    try {
      await this.#move(this.#pty.master, devNull, SPLICE | INBOUND | ZERO_ENDS);
    } finally {
      closeSync(devNull);
    }
  }

  async #move(from: number, to: number, kind: number): Promise<TransferEnd> {
    const transfer = new Transfer(from, to, kind);
    this.#transfers.add(transfer);
    const end = await transfer.ended;
    await transfer.released;
    this.#transfers.delete(transfer);
    return end;
  }
}
