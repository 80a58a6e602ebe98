import fs from "node:fs";
import { TaskIOError } from "@taskio/core";

/** Says which file a finished part is, by whatever name: the numbers of inodes come again. */
export interface PartIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly modified: bigint;
  readonly size: number;
  readonly compressed: boolean;
  /** Of all that it has, where that is known. */
  readonly crc: number | undefined;
}

/** One file of a log, open. It stays readable when it is renamed or removed. */
export class LogPart implements Disposable {
  readonly path: string;
  readonly compressed: boolean;
  readonly device: bigint;
  readonly inode: bigint;
  /** When it was made, in ns since 1970. */
  readonly born: bigint;
  /** Its size when it was opened. */
  readonly openedSize: number;
  readonly #fd: number;
  #closed = false;

  private constructor(path: string, fd: number, stats: fs.BigIntStats) {
    this.path = path;
    this.compressed = path.endsWith(".gz");
    this.#fd = fd;
    this.device = stats.dev;
    this.inode = stats.ino;
    this.born = stats.birthtimeNs;
    this.openedSize = Number(stats.size);
  }

  /** Undefined where there is no regular file; such a one is not even opened, as a FIFO would notice. */
  static open(path: string): LogPart | undefined {
    if (!statOf(path)?.isFile()) return undefined;
    const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;
    let fd: number;
    try {
      fd = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw TaskIOError.from(error, "SOURCE_FAILED", `open the log ${JSON.stringify(path)}`);
    }
    const stats = fs.fstatSync(fd, { bigint: true });
    if (stats.isFile()) return new LogPart(path, fd, stats);
    fs.closeSync(fd);
    return undefined;
  }

  /** In bytes, now; and when it was last written, in ns. */
  get state(): { readonly size: number; readonly modified: bigint } {
    const { size, mtimeNs } = fs.fstatSync(this.#fd, { bigint: true });
    return { size: Number(size), modified: mtimeNs };
  }

  /** @param crc of all that it has, where that is known */
  identity(crc?: number): PartIdentity {
    const { device, inode, compressed } = this;
    return { device, inode, compressed, crc, ...this.state };
  }

  /** Of what a compressed part has, as gzip wrote it at its end: RFC 1952, 2.3.1. */
  get trailer(): { readonly crc: number; readonly size: number } {
    const bytes = Buffer.alloc(8);
    const { size } = this.state;
    if (size >= bytes.length) fs.readSync(this.#fd, bytes, 0, bytes.length, size - bytes.length);
    return { crc: bytes.readUInt32LE(0), size: bytes.readUInt32LE(4) };
  }

  /** Whether a name means this very file. */
  is(stats: fs.BigIntStats | undefined): boolean {
    return stats?.ino === this.inode && stats.dev === this.device;
  }

  /** @returns how many bytes it read: fewer at the file's end only */
  read(into: Uint8Array, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(this.#fd, into, 0, into.length, at, (error, bytes) => {
        if (!error) return resolve(bytes);
        const doing = `read the log ${JSON.stringify(this.path)}`;
        reject(TaskIOError.from(error, "SOURCE_FAILED", doing));
      });
    });
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.#fd);
  }
}

/** What a path leads to; undefined for nothing. */
export function statOf(path: string): fs.BigIntStats | undefined {
  try {
    return fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw TaskIOError.from(error, "SOURCE_FAILED", `look at the log ${JSON.stringify(path)}`);
  }
}

/** Whether a part is a finished one, or what has become of it by compression. */
export function isPart({ device, inode, ...was }: PartIdentity, part: LogPart): boolean {
  if (part.inode === inode && part.device === device) {
    const { size, modified } = part.state;
    return size === was.size && modified === was.modified;
  }
  if (!part.compressed || was.compressed) return false;
  const { size, crc } = part.trailer;
  return size === was.size % 2 ** 32 && (was.crc === undefined || was.crc === crc);
}
