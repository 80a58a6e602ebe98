import { stopGrace } from "@taskio/core";
import { Transfer, type TransferEnd } from "./reactor/transfer.ts";

/** The transfers of one copy, one after the other, and the stop that ends them all. */
export class Transfers {
  #transfer: Transfer | undefined;
  #stopped: "cancel" | "detach" | undefined;

  /** Moves bytes until the end, or a stop; after a stop nothing is moved. */
  move(src: number, dst: number, kind: number): Promise<TransferEnd> {
    if (this.#stopped) return Promise.resolve({ bytes: 0, why: "stopped", errno: 0 });
    this.#transfer = new Transfer(src, dst, kind);
    return this.#transfer.ended;
  }

  stop(how: "cancel" | "detach"): void {
    this.#stopped = how;
    this.#transfer?.stop(stopGrace[how]);
  }

  /** Settles when the fds may be closed; later than the transfer's end only for a stuck one. */
  async released(): Promise<void> {
    await this.#transfer?.released;
  }
}
