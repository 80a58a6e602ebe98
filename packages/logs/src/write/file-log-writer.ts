import { TaskIOError } from "@taskio/core";
import { ByteBuffer } from "../format/byte-buffer.ts";
import type { RecordEncoder } from "../format/log-format.ts";
import type { LogStream } from "../log-record.ts";
import { Announcements } from "./announcements.ts";
import { compressPart } from "./compress-part.ts";
import { cutAt } from "./cut-at.ts";
import { dataSize } from "./data-size.ts";
import { LiveFile } from "./live-file.ts";
import type { LogWriterSettings } from "./log-writer-settings.ts";
import type { LogWriter } from "./log-writer.ts";
import { Losses } from "./losses.ts";
import { onSIGHUP } from "./on-sighup.ts";
import { exists, moveAside, partPath } from "./rotation.ts";

/** A log writer whose records go into one file after another. */
export class FileLogWriter implements LogWriter {
  readonly path: string;
  readonly #settings: LogWriterSettings;
  readonly #announcements = new Announcements();
  readonly #losses: Losses;
  readonly #encoders: Readonly<Record<LogStream, RecordEncoder>>;
  readonly #stopCompressing = new AbortController();
  readonly #ignoreSIGHUP: () => void;
  #file: LiveFile;
  /** Records on their way to the file, from {@link #start} on. */
  readonly #records = new ByteBuffer();
  #start = 0;
  /** How much output the records are of. */
  #given = 0;
  #compressing: Promise<void> | undefined;
  /** Set while records wait for {@link #compressing}; settles when they are written. */
  #waiting: Promise<void> | undefined;
  #rotationFailed = false;
  #closed: Promise<void> | undefined;

  constructor(settings: LogWriterSettings, file: LiveFile) {
    this.path = settings.path;
    this.#settings = settings;
    this.#file = file;
    this.#losses = new Losses(this.#announcements, settings.onLoss);
    const { format } = settings;
    this.#encoders = { stdout: format.newEncoder("stdout"), stderr: format.newEncoder("stderr") };
    if (settings.compress && exists(partPath(this.path, 1))) this.#compress();
    this.#ignoreSIGHUP = settings.reopenOnSIGHUP ? onSIGHUP(() => this.#tryToReopen()) : () => {};
  }

  get lost() {
    return { bytes: this.#losses.bytes, error: this.#losses.error };
  }

  write(stream: LogStream, chunk: Uint8Array): void | Promise<void> {
    this.#checkOpen();
    this.#encoder(stream).encode(chunk, Date.now(), this.#records);
    this.#given += chunk.length;
    return this.#waiting ?? this.#flush();
  }

  end(stream: LogStream): void | Promise<void> {
    this.#checkOpen();
    return this.#end(stream);
  }

  sink(stream: LogStream): (chunk: Uint8Array) => void | Promise<void> {
    this.#encoder(stream);
    return (chunk) => this.write(stream, chunk);
  }

  async reopen(): Promise<void> {
    this.#checkOpen();
    while (this.#waiting) await this.#waiting;
    this.#checkOpen();
    if (!this.#file.isAt(this.path)) this.#replace(LiveFile.open(this.#settings));
    this.#announcements.make();
  }

  close({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    const stop = () => this.#stopCompressing.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    this.#closed ??= this.#close();
    return this.#closed.finally(() => signal?.removeEventListener("abort", stop));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#ignoreSIGHUP();
    await this.#end("stdout");
    await this.#end("stderr");
    await this.#compressing;
    this.#losses.endSpell({ closed: true });
    this.#closeFile(this.#file);
    this.#announcements.make();
  }

  async #tryToReopen(): Promise<void> {
    try {
      await this.reopen();
    } catch (error) {
      if (this.#closed) return; // meanwhile
      this.#report(error, `reopen the log "${this.path}"`);
      this.#announcements.make();
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new TaskIOError("CLOSED", `the writer of "${this.path}" is closed`);
  }

  #encoder(stream: LogStream): RecordEncoder {
    const encoder = this.#encoders[stream];
    if (encoder) return encoder;
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `invalid stream ${JSON.stringify(stream)}: give "stdout" or "stderr"`,
    );
  }

  #end(stream: LogStream): void | Promise<void> {
    this.#encoder(stream).end(Date.now(), this.#records);
    return this.#waiting ?? this.#flush();
  }

  /** Writes the records, into as many files as it takes. */
  #flush(): void | Promise<void> {
    const records = this.#records;
    while (this.#start < records.length) {
      const end = this.#fitting();
      if (end > this.#start) this.#append(end);
      else if (this.#compressing) return (this.#waiting = this.#flushAfter(this.#compressing));
      else if (!this.#rotate()) this.#append(records.length);
    }
    records.clear();
    this.#start = 0;
    this.#given = 0;
    this.#announcements.make();
  }

  async #flushAfter(compressing: Promise<void>): Promise<void> {
    await compressing;
    this.#waiting = undefined;
    await this.#flush();
  }

  /** Where those records end that the file still takes. */
  #fitting(): number {
    const { maxSize, format } = this.#settings;
    const { bytes } = this.#records;
    if (this.#file.size + bytes.length - this.#start <= maxSize) return bytes.length;
    this.#file.measure(); // somebody may have emptied it
    const { size } = this.#file;
    const target = { room: maxSize - size, empty: size === 0, framed: format.framed };
    return cutAt(bytes, this.#start, target);
  }

  /** Writes the records up to `end`; where that fails, all that are left are lost. */
  #append(end: number): void {
    const { bytes } = this.#records;
    const short = this.#file.append(bytes, this.#start, end);
    this.#start = short ? bytes.length : end;
    if (!short) return this.#losses.endSpell();
    this.#losses.add(this.#lostFrom(short.kept), this.path, short.error);
  }

  /** To look into the records takes much longer than to write them: not while nothing can be written. */
  #lostFrom(kept: number): number {
    if (kept === 0 && this.#given > 0) return this.#given;
    return dataSize(this.#settings.format, this.#records.bytes.subarray(kept));
  }

  /** Goes on in a new file; in the old one where that is not possible. */
  #rotate(): boolean {
    const { compress } = this.#settings;
    try {
      const next = this.#nextFile();
      const aside = compress && this.#file.isAt(partPath(this.path, 1));
      this.#replace(next);
      if (aside) this.#compress();
      this.#rotationFailed = false;
      return true;
    } catch (error) {
      if (!this.#rotationFailed) this.#report(error, `rotate the log "${this.path}"`);
      this.#rotationFailed = true;
      return false;
    }
  }

  #nextFile(): LiveFile {
    const { maxFiles } = this.#settings;
    const isThere = this.#file.isAt(this.path);
    if (isThere && maxFiles === 1) return LiveFile.replace(this.#settings);
    if (isThere) moveAside(this.path, maxFiles);
    return LiveFile.open(this.#settings);
  }

  #replace(next: LiveFile): void {
    const old = this.#file;
    this.#file = next;
    this.#closeFile(old);
  }

  #closeFile(file: LiveFile): void {
    try {
      file.close();
    } catch (error) {
      this.#report(error, `close the log "${this.path}"`);
    }
  }

  #compress(): void {
    const part = partPath(this.path, 1);
    const { signal } = this.#stopCompressing;
    this.#compressing = compressPart(part, signal)
      .catch((error) => {
        if (!signal.aborted) this.#report(error, `compress the log "${part}"`);
        if (!this.#waiting) this.#announcements.make();
      })
      .finally(() => (this.#compressing = undefined));
  }

  #report(thrown: unknown, doing: string): void {
    const error = TaskIOError.from(thrown, "SINK_FAILED", doing);
    this.#announcements.add(this.#settings.onError, error);
  }
}
