import { crc32 } from "node:zlib";
import type { LogPart } from "./log-part.ts";
import { blockSize } from "./sizes.ts";

/** Finds the compressed part that has the same bytes as an open plain one, whose name is gone. */
export async function findCompressed(
  chain: readonly LogPart[],
  part: LogPart,
): Promise<LogPart | undefined> {
  if (part.compressed) return undefined;
  const { size } = part.state;
  const isSameSize = (one: LogPart) => one.compressed && one.trailer.size === size % 2 ** 32;
  const sameSize = chain.filter(isSameSize);
  if (size === 0 || sameSize.length === 0) return undefined;
  const crc = await crcOf(part);
  return sameSize.findLast((one) => one.trailer.crc === crc);
}

async function crcOf(part: LogPart): Promise<number> {
  const block = Buffer.allocUnsafeSlow(16 * blockSize);
  let crc = 0;
  for (let at = 0; ;) {
    const bytes = await part.read(block, at);
    if (bytes === 0) return crc;
    crc = crc32(block.subarray(0, bytes), crc);
    at += bytes;
  }
}
