/** A file in an archive. */
export interface TarEntry {
  readonly path: string;
  readonly mode?: number;
  /** A folder has none. */
  readonly data?: Uint8Array;
  /** The target of a symbolic link. */
  readonly link?: string;
}

const block = 512;

/** An archive in the ustar format, in which all is root's, and from 1970: the same each time. */
export function tar(entries: readonly TarEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const { data = new Uint8Array() } = entry;
    return [header(entry), data, new Uint8Array(-data.length & (block - 1))];
  });
  return Buffer.concat([...parts, new Uint8Array(2 * block)]);
}

/** See tar(5) for the fields. */
function header({ path, mode, data, link }: TarEntry): Uint8Array {
  const bytes = Buffer.alloc(block);
  const type = link !== undefined ? "2" : data ? "0" : "5";
  const text = (value: string, at: number, length: number) => {
    if (Buffer.byteLength(value) > length) throw new Error(`"${value}" is too long for a tar`);
    bytes.write(value, at);
  };
  const octal = (value: number, at: number, length: number) =>
    text(value.toString(8).padStart(length - 1, "0"), at, length);
  text(type === "5" ? `${path}/` : path, 0, 100);
  octal(mode ?? (type === "0" ? 0o644 : 0o755), 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(data?.length ?? 0, 124, 12);
  octal(0, 136, 12);
  text(" ".repeat(8), 148, 8); // the checksum counts itself as blanks
  text(type, 156, 1);
  text(link ?? "", 157, 100);
  text("ustar\u000000", 257, 8);
  octal(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return bytes;
}
