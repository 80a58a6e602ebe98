import { type ChunkSource, openSource, type Source } from "../../src/index.ts";

/** A source that is no fd, opened. */
export function chunkSource(source: Source): ChunkSource {
  const opened = openSource(source, "stdin");
  if ("fd" in opened) throw new Error("the source is an fd");
  return opened;
}
