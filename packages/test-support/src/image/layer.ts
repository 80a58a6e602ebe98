import { sha256 } from "./sha256.ts";
import { tar, type TarEntry } from "./tar.ts";

/** A layer as it is stored, and what it is called unpacked. */
export interface Layer {
  readonly mediaType: string;
  readonly data: Uint8Array;
  /** Of the tar, compressed or not. */
  readonly diffID: string;
}

const mediaType = "application/vnd.oci.image.layer.v1.tar";

/** As a tar. */
export function plainLayer(entries: readonly TarEntry[]): Layer {
  const data = tar(entries);
  return { mediaType, data, diffID: sha256(data) };
}

/** As a compressed tar. */
export function gzipLayer(entries: readonly TarEntry[]): Layer {
  const { data, diffID } = plainLayer(entries);
  return {
    mediaType: `${mediaType}+gzip`,
    data: Bun.gzipSync(new Uint8Array(data), { level: 1 }),
    diffID,
  };
}
