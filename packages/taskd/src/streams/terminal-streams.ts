import { closeSync, openSync } from "node:fs";
import { INBOUND, SPLICE, Transfer, type TransferEnd, ZERO_ENDS } from "@taskio/fifo/reactor";
import { linux } from "../libc.ts";
import type { Size } from "../process/process-spec.ts";
import type { Output } from "./output.ts";
import type { ProcessStreams } from "./process-streams.ts";
import { Pty } from "./pty.ts";
import type { StdinFIFO } from "./stdin-fifo.ts";

/** A copy that can't be begun: too many at once. */
const report = (error: unknown) => console.error(error);

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
  #drained: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(stdin: StdinFIFO | undefined, output: Output, size: Size | undefined) {
    this.#stdin = stdin;
    this.#output = output;
    if (size) this.#pty.resize(size);
  }

  get terminal(): string {
    return this.#pty.path;
  }

  childFds(): "ignore"[] {
    return ["ignore", "ignore", "ignore"];
  }

  started(): void {
    this.#drained = this.#copyOutput().catch(report);
    if (this.#stdin) void this.#move(this.#stdin.reader, this.#pty.input, SPLICE).catch(report);
  }

  closeStdin(): void {}

  resize(size: Size): void {
    if (!this.#closed) this.#pty.resize(size);
  }

  ended(): void {}

  async close(): Promise<void> {
    await Promise.race([this.#drained, Bun.sleep(drainGrace)]);
    this.#closed = true;
    await Promise.all(
      [...this.#transfers].map((transfer) => {
        transfer.stop(stopLimit);
        return transfer.released;
      }),
    );
    this.#pty.close();
    this.#stdin?.close();
    await this.#output.close();
  }

  async #copyOutput(): Promise<void> {
    const { writer } = this.#output;
    if (writer !== undefined) {
      const end = await this.#move(this.#pty.master, writer, SPLICE | INBOUND | ZERO_ENDS);
      if (end.why === "failed" && end.errno !== linux.EIO) await this.#discard();
    }
    if (!this.#closed) this.#output.ended();
  }

  /** The output is gone, as a logger that died: the program must not stop for it. */
  async #discard(): Promise<void> {
    const devNull = openSync("/dev/null", "w");
    await this.#move(this.#pty.master, devNull, SPLICE | INBOUND | ZERO_ENDS);
    closeSync(devNull);
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
