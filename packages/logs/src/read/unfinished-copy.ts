import type { LogPart } from "./log-part.ts";
import { rememberedSize } from "./sizes.ts";
import { bytesOf } from "./start-reading.ts";

/**
 * The part that is a copy of the newest one, which is about to be truncated: its records are there twice.
 * A file that was rotated by its name is older than the newest one; a copy is younger.
 */
export async function unfinishedCopy(chain: readonly LogPart[]): Promise<LogPart | undefined> {
  const [copy, newest] = chain.slice(-2);
  if (!copy || !newest || copy.compressed || copy.born <= newest.born) return undefined;
  const { openedSize: size } = copy;
  if (size === 0 || newest.openedSize < size) return undefined;
  const isSame = (await sameBytes(0)) && (await sameBytes(Math.max(0, size - rememberedSize)));
  return isSame ? copy : undefined;

  async function sameBytes(start: number): Promise<boolean> {
    const end = Math.min(size, start + rememberedSize);
    return (await bytesOf(copy!, start, end)).equals(await bytesOf(newest!, start, end));
  }
}
