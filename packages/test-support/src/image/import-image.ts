import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Daemon, Ended } from "../daemon.ts";
import { folderEntries } from "./folder-entries.ts";
import { imageArchive } from "./image-archive.ts";
import type { ImageConfig } from "./image-config.ts";
import { gzipLayer, type Layer, plainLayer } from "./layer.ts";

/** What is in an image besides the root filesystem. */
export interface ImageOptions {
  /** Default: `default`, which is that of `ctr`. */
  readonly namespace?: string;
  /** What it does not say is that of a `sh` in `/`. */
  readonly config?: ImageConfig;
  /** Texts by path, such as `etc/passwd`. They make a second layer. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the name stands for an index of platforms, as it does in registries. Default: no. */
  readonly index?: boolean;
}

/** An image that is imported and unpacked. */
export interface ImportedImage {
  readonly name: string;
  readonly namespace: string;
  /** Of what the name stands for: the manifest, or the index. */
  readonly digest: string;
  readonly configDigest: string;
  /** The snapshot that containers start from. */
  readonly chainID: string;
  /** `overlayfs`, or `native` where the file system can't do that. */
  readonly snapshotter: string;
}

const defaults: ImageConfig = { Env: ["PATH=/bin"], Cmd: ["sh"], WorkingDir: "/" };

/** Makes an image of the daemon's root filesystem, and imports it by way of a file in `folder`. */
export async function importImage(
  daemon: Daemon,
  folder: string,
  name: string,
  { namespace = "default", config, files, index = false }: ImageOptions = {},
): Promise<ImportedImage> {
  const layers = [gzipLayer(folderEntries(daemon.rootfs)), ...(files ? [layerOf(files)] : [])];
  const parts = { name, layers, config: { ...defaults, ...config }, index };
  const { bytes, ...ids } = imageArchive(parts);
  const snapshotter = await snapshotterOf(daemon);
  const file = join(folder, `image-${crypto.randomUUID()}.tar`);
  try {
    await Bun.write(file, bytes);
    const how = ["--snapshotter", snapshotter, ...(isV1(daemon) ? [] : ["--local"])];
    succeeded(await daemon.ctr("--namespace", namespace, "image", "import", ...how, file));
  } finally {
    rmSync(file, { force: true });
  }
  return { name, namespace, ...ids, snapshotter };
}

function layerOf(files: Readonly<Record<string, string>>): Layer {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return plainLayer(entries.map(([path, text]) => ({ path, data: Buffer.from(text) })));
}

/** Version 2 imports by its transfer service unless told so, which takes no short names. */
function isV1({ version }: Daemon): boolean {
  return version.startsWith("1.");
}

async function snapshotterOf(daemon: Daemon): Promise<string> {
  const { stdout } = succeeded(await daemon.ctr("plugins", "list", "id==overlayfs"));
  return /\bok\s*$/m.test(stdout) ? "overlayfs" : "native";
}

function succeeded(ended: Ended): Ended {
  if (ended.exitCode !== 0) throw new Error(`ctr failed: ${ended.stderr}`);
  return ended;
}
