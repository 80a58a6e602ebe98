import { beforeAll, expect, test } from "bun:test";
import { connect } from "../../src/index.ts";
import { leavesNothing } from "../support/leaves-nothing.ts";
import { rejection } from "@taskio/test-support";
import { describeWithContainerd } from "../support/with-containerd.ts";

const name = "example.com/web:1";
/** Of a text that no image has. */
const unknown = `sha256:${"0".repeat(64)}`;

describeWithContainerd("containerd's images, content and snapshots", (setup) => {
  let imported: Awaited<ReturnType<typeof setup.daemon.importImage>>;
  beforeAll(async () => {
    const { daemon, client } = setup;
    const { namespace } = client;
    imported = await daemon.importImage(name, { namespace, files: { "etc/motd": "hello" } });
  });
  leavesNothing(setup);

  test("images are found by name and filter, and say what they are here", async () => {
    const { images } = setup.client;
    const image = await images.get(name);
    expect(image).toMatchObject({ name, target: { digest: imported.digest } });
    expect(await images.list({ filters: [`name==${name}`] })).toEqual([image]);
    expect(await images.list({ filters: ["name==other"] })).toEqual([]);
    expect(await images.inspect(name)).toMatchObject({
      image,
      platform: { os: "linux" },
      config: { Cmd: ["sh"] },
      chainID: imported.chainID,
    });
    expect(await rejection(images.get("example.com/web:2"))).toMatchObject({
      code: "NOT_FOUND",
      message: `no image "example.com/web:2" in the namespace "${setup.client.namespace}": check the name and the namespace`,
    });
  });

  test("an image that is deleted goes with its content and its snapshots", async () => {
    const { client, daemon } = setup;
    const { namespace } = client;
    const files = { "etc/motd": "another" };
    const other = await daemon.importImage("example.com/other:1", { namespace, files });
    expect(await rejection(client.images.delete("other"))).toMatchObject({ code: "NOT_FOUND" });
    expect((await client.snapshots().stat(other.chainID)).name).toBe(other.chainID);
    await client.images.delete("example.com/other:1", { sync: true });
    expect(await rejection(client.images.get("example.com/other:1"))).toMatchObject({
      code: "NOT_FOUND",
    });
    const stat = client.snapshots().stat(other.chainID);
    expect(await rejection(stat)).toMatchObject({ code: "NOT_FOUND" });
    expect(await rejection(client.content.info(other.configDigest))).toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("content is read as a whole, in part, and as a stream", async () => {
    const { content } = setup.client;
    const info = await content.info(imported.configDigest);
    const all = await content.readAll(imported.configDigest);
    expect(all).toHaveLength(info.size);
    expect(JSON.parse(new TextDecoder().decode(all)).config.Cmd).toEqual(["sh"]);
    const parts: Uint8Array[] = [];
    for await (const part of content.read(imported.configDigest, { offset: 3, size: 7 })) {
      parts.push(part);
    }
    expect(Buffer.concat(parts)).toEqual(Buffer.from(all.subarray(3, 10)));
    expect(await new Response(content.read(imported.configDigest)).bytes()).toEqual(all);
    expect(await rejection(content.readAll(unknown))).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining(unknown),
    });
    expect(await rejection(content.info("x"))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a blob of many chunks is exact, and may be left in the middle", async () => {
    const { content } = setup.client;
    const manifest = JSON.parse(new TextDecoder().decode(await content.readAll(imported.digest)));
    const [{ digest, size }] = manifest.layers;
    const hash = new Bun.CryptoHasher("sha256");
    for await (const chunk of content.read(digest)) hash.update(chunk);
    expect(`sha256:${hash.digest("hex")}`).toBe(digest);
    for await (const chunk of content.read(digest)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const tooLarge = content.readAll(digest, { maxBytes: size - 1 });
    expect(await rejection(tooLarge)).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("snapshots are made under a lease, looked at, and removed", async () => {
    const { client } = setup;
    const snapshots = client.snapshots();
    const parent = imported.chainID;
    await client.withLease(async (leased) => {
      const mounts = await leased.snapshots().prepare("key", parent, { labels: { a: "b" } });
      expect(mounts[0]).toMatchObject({ type: "overlay" });
      expect(await snapshots.mounts("key")).toEqual(mounts);
      const info = { name: "key", parent, kind: "active", labels: { a: "b" } };
      expect(await snapshots.stat("key")).toMatchObject(info);
      expect((await snapshots.usage("key")).inodes).toBeGreaterThan(0);
      await leased.snapshots("overlayfs").view("view", parent);
      const found = await snapshots.list({ filters: ["kind==active", "kind==view"] });
      expect(found.map(({ name }) => name).sort()).toEqual(["key", "view"]);
      expect(await rejection(leased.snapshots().prepare("key", parent))).toMatchObject({
        code: "IN_USE",
      });
      expect(await rejection(snapshots.remove(parent))).toMatchObject({ code: "IN_USE" });
      await snapshots.remove("key");
      await snapshots.remove("view");
    });
    for (const call of ["stat", "mounts", "usage", "remove"] as const) {
      expect(await rejection(snapshots[call]("key"))).toMatchObject({
        code: "NOT_FOUND",
        message: expect.stringContaining('no snapshot "key" in the namespace'),
      });
    }
    expect(await rejection(snapshots.prepare("key", "nothing"))).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('no snapshot "nothing"'),
    });
    expect(await rejection(client.snapshots("none").list())).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });
});

describeWithContainerd("a lease of containerd", (setup) => {
  leavesNothing(setup);

  /** Has the server collect its garbage. */
  async function collect(): Promise<void> {
    const { id } = await setup.client.leases.create();
    await setup.client.leases.delete(id, { sync: true });
  }

  test("ends by itself, after a day unless it is told otherwise", async () => {
    const { leases } = setup.client;
    const hour = 3_600_000;
    const day = await leases.create({ labels: { a: "b" } });
    expect(Math.abs(day.expiresAt!.getTime() - Date.now() - 24 * hour)).toBeLessThan(hour);
    const short = await leases.create({ id: "mine", expiration: hour });
    expect(short.id).toBe("mine");
    const forEver = await leases.create({ expiration: Infinity });
    expect(forEver.expiresAt).toBeUndefined();
    expect(await leases.list({ filters: ["labels.a==b"] })).toEqual([day]);
    expect(await rejection(leases.create({ id: "mine" }))).toMatchObject({ code: "IN_USE" });
    for (const expiration of [0, -1, NaN, 1e300]) {
      const invalid = leases.create({ expiration });
      expect(await rejection(invalid)).toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    for (const { id } of [day, short, forEver]) await leases.delete(id);
    expect(await rejection(leases.delete("mine"))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("keeps what was made under it, until it ends", async () => {
    const { client } = setup;
    await client.withLease(async (leased) => {
      expect((await client.leases.list()).map(({ id }) => id)).toEqual([leased.lease]);
      await leased.snapshots().prepare("kept");
      await client.snapshots().prepare("lost");
      await collect();
      expect((await client.snapshots().stat("kept")).kind).toBe("active");
      expect(await rejection(client.snapshots().stat("lost"))).toMatchObject({ code: "NOT_FOUND" });
    });
    await collect();
    expect(await rejection(client.snapshots().stat("kept"))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("ends with the work, and takes what was made with it when that fails", async () => {
    const { client } = setup;
    const error = new Error("of the work");
    let left: ReturnType<typeof client.snapshots> | undefined;
    const work = client.withLease(async (leased) => {
      left = leased.snapshots();
      await left.prepare("key");
      throw error;
    });
    expect(await rejection(work)).toBe(error);
    expect(await rejection(client.snapshots().stat("key"))).toMatchObject({ code: "NOT_FOUND" });
    expect(await rejection(left!.prepare("key"))).toMatchObject({
      code: "CLOSED",
      message: expect.stringContaining("has ended"),
    });
    expect(await rejection(left!.list())).toMatchObject({ code: "CLOSED" });
    expect(await client.withLease(async () => 7)).toBe(7);
  });

  test("whose making is aborted is not left", async () => {
    const { client } = setup;
    for (const delay of [0, 1, 2, 3, 5]) {
      const signal = AbortSignal.timeout(delay);
      await client
        .withLease(async () => {}, { signal })
        .catch((error) => {
          expect(error).toBe(signal.reason);
        });
    }
  });

  test("is refused by a client that is closed", async () => {
    const other = await setup.connect();
    const work = other.withLease(async (leased) => {
      await other[Symbol.asyncDispose]();
      await leased.snapshots("overlayfs").prepare("key");
    });
    expect(await rejection(work)).toMatchObject({ code: "CLOSED" });
    for (const { id } of await setup.client.leases.list()) await setup.client.leases.delete(id);
  });
});

describeWithContainerd("namespaces of containerd", (setup) => {
  leavesNothing(setup);

  test("are made, found and deleted", async () => {
    const { namespaces } = setup.client;
    const labels = { "containerd.io/defaults/snapshotter": "native" };
    expect(await namespaces.create("mine", { labels })).toEqual({ name: "mine", labels });
    expect(await namespaces.get("mine")).toEqual({ name: "mine", labels });
    expect(await namespaces.list()).toContainEqual({ name: "mine", labels });
    expect(await rejection(namespaces.create("mine"))).toMatchObject({ code: "IN_USE" });
    expect(await rejection(namespaces.create("not/mine"))).toMatchObject({ code: "INVALID_ID" });
    await namespaces.delete("mine");
    expect(await rejection(namespaces.delete("mine"))).toMatchObject({ code: "NOT_FOUND" });
    expect(await rejection(namespaces.get("mine"))).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('no namespace "mine"'),
    });
  });

  test("a container that is in another one is not found, and can be looked for", async () => {
    const { client, daemon } = setup;
    await using moby = await connect({ address: daemon.address, namespace: "moby" });
    const spec = { ociVersion: "1.0.2", process: { args: ["true"], cwd: "/" } };
    await moby.containers.create({ id: "web", spec });
    const where = `in the namespace "${client.namespace}"`;
    const container = `no container "web" ${where}`;
    const task = `no task "web" ${where}`;
    const creator = setup.streams();
    for (const [message, call] of [
      [container, () => client.containers.get("web")],
      [container, () => client.containers.delete("web")],
      [container, () => client.createTask("web", { creator })],
      [task, () => client.tasks.get("web")],
      [task, () => client.loadTask("web")],
      [`no exec "e" of the ${task.slice(3)}`, () => client.tasks.get("web", { execId: "e" })],
    ] as const) {
      expect(await rejection(call())).toMatchObject({
        code: "NOT_FOUND",
        message: `${message}: check the name and the namespace`,
        cause: expect.objectContaining({ code: 5 }),
      });
    }
    expect(await client.namespaces.holding("web")).toEqual(["moby"]);
    expect(await client.namespaces.holding("nobody")).toEqual([]);
    expect(await rejection(moby.namespaces.delete("moby"))).toMatchObject({ code: "IN_USE" });
    await moby.containers.delete("web");
    await moby.namespaces.delete("moby");
  });

  test("are refused by a name that none has", async () => {
    const { address } = setup.daemon;
    for (const namespace of ["a/b", "-a", "a..b", "x".repeat(77)]) {
      expect(await rejection(connect({ address, namespace }))).toMatchObject({
        code: "INVALID_ID",
      });
    }
  });
});
