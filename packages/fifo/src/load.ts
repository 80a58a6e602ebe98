/** So many bytes within so many ms are much: 20 MB/s. */
const amount = 1 << 20;
const moment = 50;

/** Tells a FIFO under load from one that only talks. */
export class Load {
  #bytes = 0;
  #since = performance.now();

  /** Counts what went through; true now and then while it is much. */
  isHigh(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes < amount) return false;
    const now = performance.now();
    const high = now - this.#since < moment;
    this.#bytes = 0;
    this.#since = now;
    return high;
  }
}
