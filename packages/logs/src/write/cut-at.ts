import { newline } from "../format/newline.ts";

/** The file that bytes are cut for. */
interface CutFor {
  /** How many more bytes it takes. */
  readonly room: number;
  readonly empty: boolean;
  readonly framed: boolean;
}

/**
 * Where the bytes from `start` on are to be cut so that they fit: after a newline. `start` itself where
 * nothing fits into a file that has something already.
 */
export function cutAt(bytes: Buffer, start: number, { room, empty, framed }: CutFor): number {
  if (bytes.length - start <= room) return bytes.length;
  const last = room > 0 ? bytes.lastIndexOf(newline, start + room - 1) : -1;
  if (last >= start) return last + 1;
  if (!empty) return start;
  return framed ? bytes.indexOf(newline, start) + 1 : start + room;
}
