import { TaskIOError } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import { chainID } from "./chain-id.ts";
import type { Content } from "./content.ts";
import type { Image } from "./images.ts";
import { hostPlatform, type Platform, platformName, selectPlatform, suits } from "./platform.ts";
import type { ImageConfig } from "./spec/image-config.ts";

/** What an image is for one platform. */
export interface ImageDetails {
  readonly image: Image;
  readonly platform: Platform;
  /** What its containers are to run, and how; for `withImageConfig`. */
  readonly config: ImageConfig;
  /** The digests of the uncompressed layers, the lowest first. */
  readonly diffIDs: readonly string[];
  /** The snapshot that has all layers, where a snapshotter has them; empty without layers. */
  readonly chainID: string;
}

/** A descriptor as manifests and indexes have it. */
interface Blob {
  readonly mediaType?: string;
  readonly digest: string;
  readonly platform?: Platform;
}

interface Index {
  readonly manifests: readonly Blob[];
}

interface Manifest {
  readonly config: Blob;
}

interface ConfigBlob extends Platform {
  readonly config?: ImageConfig;
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
/** How deep an index may be in others. */
const maxDepth = 8;

/** Follows an image to the config that it has for this machine. */
export async function inspectImage(
  content: Content,
  image: Image,
  { signal }: Cancellable = {},
): Promise<ImageDetails> {
  const wanted = hostPlatform();
  let blob: Blob = image.target;
  for (let depth = 0; indexTypes.includes(blob.mediaType ?? ""); depth++) {
    const { manifests } = await read<Index>(blob, (value) => Array.isArray(value.manifests));
    const found = depth < maxDepth ? selectPlatform(manifests, wanted) : undefined;
    if (!found)
      throw notForUs(
        image,
        manifests.flatMap(({ platform }) => platform ?? []),
      );
    blob = found;
  }
  if (!manifestTypes.includes(blob.mediaType ?? "")) throw unknownKind(image, blob.mediaType);
  const manifest = await read<Manifest>(blob, (value) => Boolean(value.config?.digest));
  const { os, architecture, variant, config, rootfs } = await read<ConfigBlob>(
    manifest.config,
    (value) => Array.isArray(value.rootfs?.diff_ids),
  );
  const platform = { os, architecture, ...(variant && { variant }) };
  if (!suits(platform, wanted)) throw notForUs(image, [platform]);
  const diffIDs = rootfs.diff_ids;
  return { image, platform, config: config ?? {}, diffIDs, chainID: chainID(diffIDs) };

  async function read<T>({ digest }: Blob, isWhole: (value: Partial<T>) => boolean): Promise<T> {
    const text = new TextDecoder().decode(await content.readAll(digest, { signal }));
    try {
      const value = JSON.parse(text) as Partial<T>;
      if (isWhole(value)) return value as T;
    } catch {}
    throw unknownKind(image, `no such JSON in ${digest}`);
  }
}

function notForUs({ name }: Image, platforms: readonly Platform[]): TaskIOError {
  const others = platforms.map(platformName).join(", ") || "nothing";
  const wanted = platformName(hostPlatform());
  return new TaskIOError(
    "NOT_FOUND",
    `the image "${name}" is not for ${wanted}, it is for ${others}: pull it for ${wanted}`,
  );
}

function unknownKind({ name }: Image, what = "without a media type"): TaskIOError {
  return new TaskIOError(
    "UNSUPPORTED",
    `the image "${name}" is of a kind that is not known here (${what}): use an OCI image`,
  );
}
