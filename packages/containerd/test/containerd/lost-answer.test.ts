import { beforeAll, expect, test } from "bun:test";
import { type Client, connect } from "../../src/index.ts";
import { leavesNothing } from "../support/leaves-nothing.ts";
import { Proxy } from "../support/proxy.ts";
import { rejection } from "@taskio/test-support";
import { describeWithContainerd } from "../support/with-containerd.ts";

const image = "example.com/lost:1";
let count = 0;
const newID = () => `lost-${process.pid}-${++count}`;

describeWithContainerd("a container whose connection breaks", (setup) => {
  let chainID = "";
  beforeAll(async () => {
    const { namespace } = setup.client;
    const config = { Cmd: ["true"] };
    ({ chainID } = await setup.daemon.importImage(image, { namespace, config }));
  });
  leavesNothing(setup);

  async function connectBy(proxy: Proxy): Promise<Client> {
    const { address } = await proxy.listen();
    return connect({ address, namespace: setup.client.namespace });
  }

  test.each(["Leases/Create", "Snapshots/Prepare", "Containers/Create"])(
    "under %s leaves nothing, and can be made again",
    async (method) => {
      await using proxy = new Proxy(setup.daemon.address);
      await using client = await connectBy(proxy);
      const id = newID();
      proxy.lose(method);
      const made = client.createContainer({ id, image });
      expect(await rejection(made)).toMatchObject({ code: "UNAVAILABLE" });
      expect(proxy.hasLost).toBe(true);
      await client.createContainer({ id, image });
      await client.containers.delete(id, { snapshot: true });
      expect(await setup.client.snapshots().list({ filters: [`parent==${chainID}`] })).toEqual([]);
    },
  );

  test("leaves the snapshot that somebody else has made meanwhile", async () => {
    await using proxy = new Proxy(setup.daemon.address);
    await using client = await connectBy(proxy);
    const id = newID();
    await setup.client.withLease(async (leased) => {
      proxy.lose("Snapshots/Prepare", () => leased.snapshots().prepare(id, chainID));
      const made = client.createContainer({ id, image });
      expect(await rejection(made)).toMatchObject({ code: "UNAVAILABLE" });
      expect(proxy.hasLost).toBe(true);
      await leased.snapshots().remove(id); // which is NOT_FOUND where there is none
    });
  });

  test("leaves the container that somebody else has made meanwhile", async () => {
    await using proxy = new Proxy(setup.daemon.address);
    await using client = await connectBy(proxy);
    const id = newID();
    const { rootfs } = setup.daemon;
    proxy.lose("Containers/Create", () =>
      setup.client.createContainer({ id, rootfs, args: ["true"] }),
    );
    const made = client.createContainer({ id, image });
    expect(await rejection(made)).toMatchObject({ code: "UNAVAILABLE" });
    expect(proxy.hasLost).toBe(true);
    expect(await rejection(setup.client.snapshots().stat(id))).toMatchObject({ code: "NOT_FOUND" });
    await setup.client.containers.delete(id); // which is NOT_FOUND where there is none
  });

  test("leaves an image's snapshot that can be removed", async () => {
    const { client, daemon } = setup;
    const name = "example.com/lost:2";
    const files = { lost: "" };
    const other = await daemon.importImage(name, { namespace: client.namespace, files });
    for (const method of ["Snapshots/Prepare", "Containers/Create"]) {
      await using proxy = new Proxy(daemon.address);
      await using through = await connectBy(proxy);
      proxy.lose(method);
      const made = through.createContainer({ id: newID(), image: name, args: ["true"] });
      expect(await rejection(made)).toMatchObject({ code: "UNAVAILABLE" });
    }
    await client.snapshots().remove(other.chainID); // refused while something is made of it
    await client.images.delete(name, { sync: true });
  });
});
