import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { TaskIOError } from "@taskio/core";
import { newline } from "../format/newline.ts";
import { lockLog } from "./lock-log.ts";
import type { LogWriterSettings } from "./log-writer-settings.ts";
import { replacementPath } from "./rotation.ts";
import { endTornRecord, isTorn } from "./torn-record.ts";

/** How often a writer may have rotated the file right then, before something else is wrong. */
const mostTries = 100;

/** Bytes of which not all could be written. */
export interface ShortWrite {
  /** Where those end that are in the file: with a record, where the file is framed. */
  readonly kept: number;
  readonly error: unknown;
}

/** The file that is being written; no other writer has it. */
export class LiveFile {
  /** How long it is, unless somebody else changed it: see {@link measure}. */
  size: number;
  readonly #fd: number;
  readonly #framed: boolean;
  /** Whether it ends with a part of a record. */
  #torn: boolean;

  private constructor(fd: number, framed: boolean) {
    this.size = fstatSync(fd).size;
    this.#fd = fd;
    this.#framed = framed;
    this.#torn = framed && isTorn(fd);
    if (this.#torn) this.#mend();
  }

  /**
   * Opens the file at the path, or makes one.
   *
   * @param flags more of them, for `open(2)`
   */
  static open(settings: LogWriterSettings, flags = 0): LiveFile {
    try {
      for (let tries = 0; tries < mostTries; tries++) {
        const file = LiveFile.#tryToOpen(settings, flags);
        if (file) return file;
      }
      throw neverTheSame(settings.path);
    } catch (error) {
      throw TaskIOError.from(error, "SINK_FAILED", `open the log "${settings.path}"`);
    }
  }

  /** Makes a new file and puts it in the place of the one at the path, which stays where that fails. */
  static replace(settings: LogWriterSettings): LiveFile {
    const path = replacementPath(settings.path);
    rmSync(path, { force: true });
    const file = LiveFile.open({ ...settings, path }, constants.O_EXCL);
    try {
      renameSync(path, settings.path);
      return file;
    } catch (error) {
      file.close();
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** Undefined where its writer has rotated the file between our open and our lock. */
  static #tryToOpen(
    { path, format, mode, maxSize }: LogWriterSettings,
    flags: number,
  ): LiveFile | undefined {
    checkKind(path, maxSize < Infinity);
    const { O_RDWR, O_CREAT, O_APPEND, O_NONBLOCK, O_NOCTTY } = constants;
    const fd = openSync(path, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | flags, mode);
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) throw notRegular(path);
      lockLog(fd, path);
      if (isSame(stats, path)) return new LiveFile(fd, format.framed);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
    return undefined;
  }

  isAt(path: string): boolean {
    return isSame(fstatSync(this.#fd), path);
  }

  measure(): void {
    try {
      this.size = fstatSync(this.#fd).size;
    } catch {
      // a broken file system: the writes will say so
    }
  }

  /** Writes records, or as many as go; what was written of another one is taken back. */
  append(bytes: Buffer, start: number, end: number): ShortWrite | undefined {
    const failure = this.#torn ? this.#mend() : undefined;
    if (failure) return { kept: start, error: failure.error };
    let at = start;
    try {
      while (at < end) at += writeSync(this.#fd, bytes, at, end - at);
    } catch (error) {
      const kept = this.#framed ? start + bytes.subarray(start, at).lastIndexOf(newline) + 1 : at;
      if (at > kept) this.#takeBack(at - kept);
      this.measure();
      return { kept, error };
    }
    this.size += end - start;
    return undefined;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Not cut at a size that is remembered: who empties the file meanwhile would see it grow by zeros. */
  #takeBack(size: number): void {
    try {
      ftruncateSync(this.#fd, Math.max(0, fstatSync(this.#fd).size - size));
    } catch {
      this.#torn = true;
    }
  }

  /** @returns what keeps it from being mended, which then fails the write too */
  #mend(): { readonly error: unknown } | undefined {
    try {
      endTornRecord(this.#fd);
    } catch (error) {
      return { error };
    }
    this.#torn = false;
    this.measure();
    return undefined;
  }
}

/** Before it is opened: a FIFO's reader would see a writer come and go. */
function checkKind(path: string, rotates: boolean): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (rotates && stats?.isSymbolicLink()) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `"${path}" is a symbolic link, and rotation would move the link: give the file's own path`,
      { path },
    );
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw notRegular(path);
}

function notRegular(path: string): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `"${path}" is not a regular file: give the path of one, or of none`,
    { path },
  );
}

function neverTheSame(path: string): TaskIOError {
  return new TaskIOError(
    "UNAVAILABLE",
    `"${path}" is another file as soon as it is open, ${mostTries} times over: end what replaces it, or give a path in another file system`,
    { path },
  );
}

function isSame({ dev, ino }: Stats, path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there?.ino === ino && there.dev === dev;
}
