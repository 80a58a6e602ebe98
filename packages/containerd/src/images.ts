import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Cancellable } from "./cancellable.ts";
import { contentOf } from "./content.ts";
import type * as message from "./gen/containerd/services/images/v1/images_pb.ts";
import { type ImageDetails, inspectImage } from "./image-details.ts";
import { fullReference } from "./full-reference.ts";
import { orNone } from "./or-none.ts";
import type { RPC } from "./rpc.ts";
import { serviceCall } from "./service-call.ts";

/** What content is, and where. */
export interface Descriptor {
  /** Such as `application/vnd.oci.image.manifest.v1+json`. */
  readonly mediaType: string;
  /** Such as `sha256:…`. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A name for content that holds an image. */
export interface Image {
  /** Such as `docker.io/library/busybox:latest`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** An index, or the manifest of one platform. */
  readonly target: Descriptor;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** The images of a namespace. Nothing is pulled here. Calls throw TaskIOErrors. */
export interface Images {
  /**
   * @param name as it is stored; where there is none, `busybox` stands for
   * `docker.io/library/busybox:latest` as it does for docker and nerdctl
   * @throws TaskIOError `NOT_FOUND` naming the image
   */
  get(name: string, options?: Cancellable): Promise<Image>;
  /** @param options.filters any of them may match, such as `name~=busybox` or `labels."a.b"==x` */
  list(options?: Cancellable & { readonly filters?: readonly string[] }): Promise<Image[]>;
  /**
   * What the image is for this machine: its config and its layers.
   *
   * @param name as for `get`
   * @throws TaskIOError `NOT_FOUND` (the image, content of it, or anything for this machine),
   * `UNSUPPORTED` (an image of a kind that is not known here)
   */
  inspect(name: string, options?: Cancellable): Promise<ImageDetails>;
  /**
   * Removes the name; what nothing refers to any more goes by itself.
   *
   * @param name as it is stored
   * @param options.sync whether it waits until that is gone
   * @throws TaskIOError `NOT_FOUND`
   */
  delete(name: string, options?: Cancellable & { readonly sync?: boolean }): Promise<void>;
}

/** The images that a server has. */
export function imagesOf(rpc: RPC): Images {
  return {
    get: (name, options) => getImage(rpc, name, options),
    async list({ filters = [], signal } = {}) {
      const call = { doing: "list the images", signal };
      const request = { filters: [...filters] };
      const { images } = await serviceCall(rpc, call, async (o) =>
        (await rpc.images()).list(request, o),
      );
      return images.map(toImage);
    },
    async inspect(name, options) {
      return inspectImage(contentOf(rpc), await getImage(rpc, name, options), options);
    },
    async delete(name, { sync = false, signal } = {}) {
      const call = { doing: `delete the image "${name}"`, signal, sought: `image "${name}"` };
      await serviceCall(rpc, call, async (o) => (await rpc.images()).delete({ name, sync }, o));
    },
  };
}

async function getImage(rpc: RPC, name: string, { signal }: Cancellable = {}): Promise<Image> {
  const get = async (stored: string) => {
    const call = { doing: `get the image "${name}"`, signal, sought: `image "${name}"` };
    const { image } = await serviceCall(rpc, call, async (o) =>
      (await rpc.images()).get({ name: stored }, o),
    );
    return toImage(image!);
  };
  const full = fullReference(name);
  return (full === name ? undefined : await orNone(get(name))) ?? get(full);
}

function toImage({ name, labels, target, createdAt, updatedAt }: message.Image): Image {
  const { mediaType = "", digest = "", size = 0n, annotations = {} } = target ?? {};
  return {
    name,
    labels,
    target: { mediaType, digest, size: Number(size), annotations },
    createdAt: createdAt && timestampDate(createdAt),
    updatedAt: updatedAt && timestampDate(updatedAt),
  };
}
