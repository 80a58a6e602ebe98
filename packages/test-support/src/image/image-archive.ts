import type { ImageConfig } from "./image-config.ts";
import type { Layer } from "./layer.ts";
import { sha256 } from "./sha256.ts";
import { tar, type TarEntry } from "./tar.ts";

/** An image as one file, and what containerd will call its parts. */
export interface ImageArchive {
  readonly bytes: Uint8Array;
  /** Of what the name stands for: the manifest, or the index. */
  readonly digest: string;
  /** Of the config. */
  readonly configDigest: string;
  /** The snapshot of all layers together. */
  readonly chainID: string;
}

/** What an image is made of. */
export interface ImageParts {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
  /** Whether the name stands for an index, in which another platform comes first, without content. */
  readonly index: boolean;
}

const media = "application/vnd.oci.image";
const platform = {
  os: "linux",
  architecture: process.arch === "x64" ? "amd64" : process.arch,
};

/** Makes an OCI layout as one archive. See the OCI image spec, image-layout.md. */
export function imageArchive({ name, layers, config, index }: ImageParts): ImageArchive {
  const blobs = new Blobs();
  const diffIDs = layers.map(({ diffID }) => diffID);
  const configDescriptor = blobs.addJSON(`${media}.config.v1+json`, {
    ...platform,
    config,
    rootfs: { type: "layers", diff_ids: diffIDs },
  });
  const manifest = blobs.addJSON(`${media}.manifest.v1+json`, {
    schemaVersion: 2,
    config: configDescriptor,
    layers: layers.map(({ mediaType, data }) => blobs.add(mediaType, data)),
  });
  const target = index ? blobs.addJSON(`${media}.index.v1+json`, indexOf(manifest)) : manifest;
  const annotations = { "io.containerd.image.name": name };
  const bytes = tar([
    { path: "oci-layout", data: json({ imageLayoutVersion: "1.0.0" }) },
    {
      path: "index.json",
      data: json({ schemaVersion: 2, manifests: [{ ...target, annotations }] }),
    },
    { path: "blobs" },
    { path: "blobs/sha256" },
    ...blobs.entries,
  ]);
  const { digest } = target;
  return { bytes, digest, configDigest: configDescriptor.digest, chainID: chainIDOf(diffIDs) };
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The files of a layout that are named by what is in them. */
class Blobs {
  readonly entries: TarEntry[] = [];

  add(mediaType: string, data: Uint8Array): Descriptor {
    const digest = sha256(data);
    this.entries.push({ path: `blobs/${digest.replace(":", "/")}`, data });
    return { mediaType, digest, size: data.length };
  }

  addJSON(mediaType: string, value: object): Descriptor {
    return this.add(mediaType, json({ mediaType, ...value }));
  }
}

function indexOf(manifest: Descriptor) {
  const absent = {
    ...manifest,
    digest: sha256("absent"),
    platform: { os: "linux", architecture: "s390x" },
  };
  return { schemaVersion: 2, manifests: [absent, { ...manifest, platform }] };
}

/** See the OCI image spec, config.md. */
function chainIDOf([first = "", ...rest]: readonly string[]): string {
  return rest.reduce((chain, diffID) => sha256(`${chain} ${diffID}`), first);
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
