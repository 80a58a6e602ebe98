import { timestampDate } from "@bufbuild/protobuf/wkt";
import { TaskIOError } from "@taskio/core";
import type { Cancellable } from "./cancellable.ts";
import type { RPC } from "./rpc.ts";
import { serviceCall, streamingCall } from "./service-call.ts";

/** What the server knows of a blob. */
export interface ContentInfo {
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** Which part of a blob. */
export interface ReadContentOptions extends Cancellable {
  /**
   * In bytes.
   *
   * @default 0
   */
  readonly offset?: number;
  /**
   * In bytes, at most.
   *
   * @default all to the end
   */
  readonly size?: number;
}

/** The blobs of a namespace by their digest: manifests, configs, layers. Calls throw TaskIOErrors. */
export interface Content {
  /** @throws TaskIOError `NOT_FOUND` naming the digest, `INVALID_ARGUMENT` when it is none */
  info(digest: string, options?: Cancellable): Promise<ContentInfo>;
  /**
   * The bytes, as they are asked for; `new Response` takes them too. Leaving the
   * loop ends the call.
   *
   * @throws TaskIOError as `info`
   */
  read(digest: string, options?: ReadContentOptions): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * All bytes of a small blob, such as a manifest.
   *
   * @param options.maxBytes 8 MiB by default
   * @throws TaskIOError `INVALID_ARGUMENT` when it is larger, else as `info`
   */
  readAll(
    digest: string,
    options?: Cancellable & { readonly maxBytes?: number },
  ): Promise<Uint8Array<ArrayBuffer>>;
}

const defaultMaxBytes = 8 * 1024 * 1024;

/** The content that a server has. */
export function contentOf(rpc: RPC): Content {
  const about = (digest: string, signal: AbortSignal | undefined) => ({
    doing: `read the content "${digest}"`,
    signal,
    sought: `content "${digest}"`,
  });
  const content: Content = {
    async info(digest, { signal } = {}) {
      const call = about(digest, signal);
      const { info } = await serviceCall(rpc, call, async (o) =>
        (await rpc.content()).info({ digest }, o),
      );
      const { size, labels, createdAt, updatedAt } = info!;
      return {
        digest,
        size: Number(size),
        labels,
        createdAt: createdAt && timestampDate(createdAt),
        updatedAt: updatedAt && timestampDate(updatedAt),
      };
    },
    async *read(digest, { offset = 0, size, signal } = {}) {
      for (const [name, bytes] of Object.entries({ offset, size: size ?? 0 })) {
        if (!Number.isSafeInteger(bytes) || bytes < 0) throw invalidRange(digest, name, bytes);
      }
      if (size === 0) return; // which would mean all of it
      const request = { digest, offset: BigInt(offset), size: BigInt(size ?? 0) };
      const service = await rpc.content();
      const open = (options: object) => service.read(request, options);
      for await (const { data } of streamingCall(rpc, about(digest, signal), open)) yield data;
    },
    async readAll(digest, { maxBytes = defaultMaxBytes, signal } = {}) {
      const { size } = await content.info(digest, { signal });
      if (size > maxBytes) throw tooLarge(digest, size, maxBytes);
      const bytes = new Uint8Array(size);
      let at = 0;
      for await (const chunk of content.read(digest, { signal })) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes;
    },
  };
  return content;
}

function invalidRange(digest: string, name: string, bytes: number): TaskIOError {
  const message = `invalid ${name} ${bytes} for the content "${digest}": give a number of bytes`;
  return new TaskIOError("INVALID_ARGUMENT", message);
}

function tooLarge(digest: string, size: number, maxBytes: number): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `the content "${digest}" has ${size} bytes, more than ${maxBytes}: read it as a stream`,
  );
}
