import { describe, expect, test } from "bun:test";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Client, ImageDetails } from "../src/index.ts";
import { hostPlatform, selectPlatform } from "../src/platform.ts";
import { content, Images } from "../src/proto.ts";
import { startFakeServer } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const host = hostPlatform();
const other = { os: "linux", architecture: "s390x" };

/** An index as registries have it, with a manifest for each platform. */
const manifests = [
  { mediaType: manifestType, digest: "other", platform: other },
  {
    mediaType: manifestType,
    digest: "attest",
    platform: { os: "unknown", architecture: "unknown" },
  },
  { mediaType: manifestType, digest: "mine", platform: host },
];
const blobs: Record<string, unknown> = {
  index: { manifests },
  nested: { manifests: [{ mediaType: indexType, digest: "index" }] },
  loop: { manifests: [{ mediaType: indexType, digest: "loop" }] },
  others: { manifests: manifests.slice(0, 2) },
  mine: { config: { digest: "config" } },
  foreign: { config: { digest: "foreign-config" } },
  config: { ...host, config: { Cmd: ["sh"] }, rootfs: { diff_ids: ["sha256:a", "sha256:b"] } },
  "foreign-config": { ...other, rootfs: { diff_ids: [] } },
  empty: {},
  null: null,
};

/** Runs `run` with a client whose image is `digest`. */
async function withImage(
  digest: string,
  mediaType: string,
  run: (client: Client) => Promise<void>,
): Promise<void> {
  const blobOf = (digest: string) => {
    if (digest in blobs) return Buffer.from(JSON.stringify(blobs[digest]));
    throw new ConnectError(`content ${digest}: not found`, Code.NotFound);
  };
  await using server = await startFakeServer({
    services(router) {
      const target = { mediaType, digest };
      router.service(Images, { get: ({ name }) => ({ image: { name, target } }) });
      router.service(content.Content, {
        info: ({ digest }) => ({ info: { digest, size: BigInt(blobOf(digest).length) } }),
        async *read({ digest }) {
          for (const byte of blobOf(digest)) yield { data: Uint8Array.of(byte) };
        },
      });
    },
  });
  await using client = await server.connect();
  await run(client);
}

async function inspected(digest: string, mediaType: string): Promise<ImageDetails> {
  let details: ImageDetails | undefined;
  await withImage(digest, mediaType, async ({ images }) => {
    details = await images.inspect("web");
  });
  return details!;
}

async function failure(digest: string, mediaType: string): Promise<unknown> {
  let error: unknown;
  await withImage(digest, mediaType, async ({ images }) => {
    error = await rejection(images.inspect("web"));
  });
  return error;
}

describe("an image", () => {
  test.each([
    ["index", indexType],
    ["index", "application/vnd.docker.distribution.manifest.list.v2+json"],
    ["nested", indexType],
    ["mine", manifestType],
    ["mine", "application/vnd.docker.distribution.manifest.v2+json"],
  ])("is followed from its %s to what it is here (%s)", async (digest, type) => {
    expect(await inspected(digest, type)).toMatchObject({
      image: { name: "web", target: { digest } },
      platform: host,
      config: { Cmd: ["sh"] },
      diffIDs: ["sha256:a", "sha256:b"],
      chainID: `sha256:${new Bun.CryptoHasher("sha256").update("sha256:a sha256:b").digest("hex")}`,
    });
  });

  test("for other machines is not found, and says what it is for", async () => {
    for (const [digest, type] of [
      ["others", indexType],
      ["foreign", manifestType],
    ] as const) {
      expect(await failure(digest, type)).toMatchObject({
        code: "NOT_FOUND",
        message: expect.stringContaining("it is for linux/s390x"),
      });
    }
  });

  test("in an index of itself has an end", async () => {
    expect(await failure("loop", indexType)).toMatchObject({ code: "NOT_FOUND" });
  });

  test.each([
    ["mine", "application/vnd.docker.distribution.manifest.v1+prettyjws"],
    ["empty", manifestType],
    ["null", indexType],
    ["mine", ""],
  ])("of a kind that is not known is refused (%s, %s)", async (digest, type) => {
    expect(await failure(digest, type)).toMatchObject({ code: "UNSUPPORTED" });
  });

  test("whose content is missing names the digest", async () => {
    expect(await failure("gone", manifestType)).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('no content "gone" in the namespace "default"'),
    });
  });
});

test("content is read as it is asked for", () =>
  withImage("mine", manifestType, async ({ content }) => {
    const chunks: string[] = [];
    for await (const chunk of content.read("mine")) {
      if (chunks.push(String(chunk)) === 3) break;
    }
    expect(chunks).toHaveLength(3);
    expect(String(Buffer.from(await content.readAll("mine")))).toBe(JSON.stringify(blobs["mine"]));
    expect(await rejection(content.readAll("mine", { maxBytes: 10 }))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect(await rejection(content.read("mine", { offset: -1 }).next())).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect(await content.read("mine", { size: 0 }).next()).toMatchObject({ done: true });
    const reason = new Error("enough");
    const read = content.read("mine", { signal: AbortSignal.abort(reason) });
    expect(await rejection(read.next())).toBe(reason);
  }));

test("content that is left is not read on", async () => {
  const left = Promise.withResolvers<void>();
  await using server = await startFakeServer({
    services: (router) =>
      router.service(content.Content, {
        async *read(_, { signal }) {
          yield { data: Uint8Array.of(1) };
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          left.resolve();
        },
      }),
  });
  await using client = await server.connect();
  for await (const chunk of client.content.read("sha256:a")) {
    expect(chunk).toHaveLength(1);
    break;
  }
  await left.promise;
});

describe("of several platforms", () => {
  const arm = (variant?: string) => ({
    platform: { os: "linux", architecture: "arm", ...(variant && { variant }) },
  });
  const wanted = { os: "linux", architecture: "arm" };

  test("the best that runs everywhere is taken", () => {
    expect(selectPlatform([arm("v6"), arm("v7"), arm("v5")], wanted)).toEqual(arm("v7"));
    expect(selectPlatform([arm("v9")], wanted)).toBeUndefined();
    expect(selectPlatform([{}, arm("v6")], wanted)).toEqual(arm("v6"));
    expect(selectPlatform([{}], wanted)).toEqual({});
    expect(selectPlatform([], wanted)).toBeUndefined();
    const windows = { platform: { os: "windows", architecture: "arm" } };
    expect(selectPlatform([windows], wanted)).toBeUndefined();
  });
});

describe("a server without images, content, snapshots and leases", () => {
  test.each<[string, (client: Client) => Promise<unknown>]>([
    ["images", ({ images }) => images.list()],
    ["an image", ({ images }) => images.get("busybox")],
    ["content", ({ content }) => content.read("sha256:a").next()],
    ["snapshots", (client) => client.snapshots("overlayfs").list()],
    ["leases", ({ leases }) => leases.create()],
    ["namespaces", ({ namespaces }) => namespaces.list()],
    ["work under a lease", (client) => client.withLease(async () => {})],
    ["a container of an image", (client) => client.createContainer({ id: "unknown", image: "a" })],
  ])("says so when asked for %s", async (_, call) => {
    await using server = await startFakeServer();
    await using client = await server.connect();
    expect(await rejection(call(client))).toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringMatching(
        /^failed to .*: this server does not offer that \(.*\): use a containerd$/,
      ),
    });
  });
});
