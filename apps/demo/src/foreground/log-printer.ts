import type { LogRecord, LogStream } from "@taskio/logs";
import { write } from "../cli/print.ts";

const newline = 10;
/** How many bytes are printed at once, at most. */
const most = 64 * 1024;
const fds = { stdout: 1, stderr: 2 } as const;

/** Prints records, as many at once as come together. */
export class LogPrinter {
  readonly #timestamps: boolean;
  readonly #failed = new AbortController();
  readonly #inLine = { stdout: false, stderr: false };
  #stream: LogStream = "stdout";
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #scheduled: ReturnType<typeof setImmediate> | undefined;

  constructor({ timestamps }: { readonly timestamps: boolean }) {
    this.#timestamps = timestamps;
  }

  /** Aborted with what printing has failed with. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  add({ stream, time, data }: LogRecord): void {
    if (stream !== this.#stream) this.flush();
    this.#stream = stream;
    if (this.#timestamps && time !== undefined && !this.#inLine[stream])
      this.#take(Buffer.from(`${inUTC(time)} `));
    this.#inLine[stream] = data.at(-1) !== newline;
    this.#take(data);
    if (this.#bytes >= most) this.flush();
    this.#scheduled ??= setImmediate(() => this.#flushLater()); // once no more come at once
  }

  flush(): void {
    const parts = this.#parts.splice(0);
    this.#bytes = 0;
    if (parts.length > 0) write(fds[this.#stream], Buffer.concat(parts));
  }

  #take(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  #flushLater(): void {
    this.#scheduled = undefined;
    try {
      this.flush();
    } catch (error) {
      this.#failed.abort(error);
    }
  }
}

/** As docker prints it. */
function inUTC(ns: bigint): string {
  const fraction = (ns % 1_000_000_000n).toString().padStart(9, "0");
  return new Date(Number(ns / 1_000_000n)).toISOString().replace(/\d{3}Z$/, `${fraction}Z`);
}
