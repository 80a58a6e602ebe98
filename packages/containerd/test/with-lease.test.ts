import { expect, test } from "bun:test";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { hostPlatform } from "../src/platform.ts";
import { content, Images, leases, Namespaces, snapshots } from "../src/proto.ts";
import { startFakeServer } from "./support/fake-server.ts";
import { rejection } from "@taskio/test-support";

const none = () => {
  throw new ConnectError("not found", Code.NotFound);
};

/** A call that is never answered. */
const hang = (_: unknown, { signal }: HandlerContext) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

test("a lease that would stay for ever is refused before it is made", async () => {
  let made = 0;
  await using server = await startFakeServer({
    services: (router) =>
      router.service(leases.Leases, { create: ({ id }) => (made++, { lease: { id } }) }),
  });
  await using client = await server.connect();
  for (const expiration of [Infinity, 0, NaN]) {
    const work = client.withLease(() => expect.unreachable(), { expiration });
    expect(await rejection(work)).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining(`invalid expiration ${expiration}`),
    });
  }
  expect(made).toBe(0);
  await client.leases.create({ expiration: Infinity });
  expect(made).toBe(1);
});

test("what a container's failed creation leaves is given up in one time for all of it", async () => {
  const blobs: Record<string, string> = {
    manifest: JSON.stringify({ config: { digest: "config" } }),
    config: JSON.stringify({
      ...hostPlatform(),
      config: { Cmd: ["true"] },
      rootfs: { diff_ids: [] },
    }),
  };
  const target = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: "manifest" };
  const calls: string[] = [];
  let stat: typeof none | typeof hang = none;
  await using server = await startFakeServer({
    services(router) {
      router.service(Images, { get: ({ name }) => ({ image: { name, target } }) });
      router.service(Namespaces, { get: none });
      router.service(content.Content, {
        info: ({ digest }) => ({ info: { digest, size: BigInt(blobs[digest]!.length) } }),
        async *read({ digest }) {
          yield { data: Buffer.from(blobs[digest]!) };
        },
      });
      router.service(leases.Leases, {
        create: ({ id }) => ({ lease: { id } }),
        delete: (request, context) => (calls.push("Delete"), hang(request, context)),
      });
      router.service(snapshots.Snapshots, {
        stat: (request, context) => (calls.push("Stat"), stat(request, context)),
        prepare() {
          stat = hang;
          throw new ConnectError("lost", Code.Unavailable);
        },
      });
    },
  });
  await using client = await server.connect();
  const start = performance.now();
  const made = client.createContainer({ id: "unknown", image: "busybox" });
  expect(await rejection(made)).toMatchObject({ code: "UNAVAILABLE" });
  expect(performance.now() - start).toBeWithin(9000, 15_000);
  expect(calls.slice(0, 2)).toEqual(["Stat", "Stat"]);
});
