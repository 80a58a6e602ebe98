import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import {
  type Container,
  type CreateContainerOptions,
  newSpec,
  withCapabilities,
  withDefaultPathEnv,
  withEnv,
  withHostname,
  withMounts,
  withProcessArgs,
  withProcessCwd,
  withRootFSPath,
  withUser,
} from "../../src/index.ts";
import { OptionsSchema, packAny } from "../../src/proto.ts";
import { leavesNothing } from "../support/leaves-nothing.ts";
import { rejection } from "@taskio/test-support";
import { TextSink } from "../support/text-sink.ts";
import { describeWithContainerd, type Setup } from "../support/with-containerd.ts";

const image = "docker.io/library/busybox:latest";
const files = {
  "etc/passwd": "root:x:0:0::/:/bin/sh\nweb:x:33:34::/:/bin/sh\n",
  "etc/group": "root:x:0:\nweb:x:34:\nextra:x:77:web\n",
};
const config = {
  Entrypoint: ["sh", "-c"],
  Cmd: ["id; pwd; echo $A"],
  Env: ["PATH=/bin", "A=image"],
};

let count = 0;
const newID = () => `image-${process.pid}-${++count}`;

/** Imports the image that the tests of the group use. */
function withTestImage(setup: Setup): void {
  beforeAll(async () => {
    const { namespace } = setup.client;
    const more = { ...config, User: "web", WorkingDir: "/tmp" };
    await setup.daemon.importImage(image, { namespace, config: more, files, index: true });
  });
}

/** Makes a container, gives what it prints, and deletes it with its snapshot. */
async function outputOf(setup: Setup, options: CreateContainerOptions): Promise<string> {
  const { client, daemon } = setup;
  const runtimeOptions = packAny(OptionsSchema, { root: daemon.runcRoot });
  const { id } = await client.createContainer({ runtimeOptions, ...options });
  try {
    const out = new TextSink();
    await using task = await client.createTask(id, {
      creator: setup.streams(undefined, out.sink, out.sink),
    });
    await task.start();
    await task.wait();
    await task.delete();
    return out.text;
  } finally {
    await client.containers.delete(id, { snapshot: true });
  }
}

describeWithContainerd("a container of an image", (setup) => {
  withTestImage(setup);
  leavesNothing(setup);

  test("runs what the image says, as the user that it says", async () => {
    for (const name of ["busybox", "busybox:latest", "library/busybox", image]) {
      const text = await outputOf(setup, { id: newID(), image: name });
      expect(text).toBe("uid=33(web) gid=34(web) groups=34(web),77(extra)\n/tmp\nimage\n");
    }
  });

  test("runs arguments and changes of one's own", async () => {
    const id = newID();
    const text = await outputOf(setup, {
      id,
      image,
      args: [
        "id -u; pwd; echo $A $B; hostname; cat /data/etc/passwd 2>/dev/null || ls /data/bin/sh",
      ],
      spec: [
        withEnv(["A=mine", "B=too"]),
        withProcessCwd("/"),
        withUser("0:0"),
        withHostname("host"),
        withMounts([
          {
            destination: "/data",
            type: "bind",
            source: setup.daemon.rootfs,
            options: ["rbind", "ro"],
          },
        ]),
      ],
      labels: { a: "b" },
    });
    expect(text).toBe("0\n/\nmine too\nhost\n/data/bin/sh\n");
  });

  test("writes in a snapshot of its own, which is kept until it is deleted with it", async () => {
    const { client } = setup;
    const id = newID();
    const runtimeOptions = packAny(OptionsSchema, { root: setup.daemon.runcRoot });
    const spec = [withUser("0:0")];
    const args = ["cat /written; echo again >> /written"];
    const made = await client.createContainer({ id, image, args, spec, runtimeOptions });
    expect(made).toMatchObject({ image, snapshotKey: id, snapshotter: "overlayfs" });
    for (const printed of ["cat: can't open '/written': No such file or directory\n", "again\n"]) {
      const out = new TextSink();
      const creator = setup.streams(undefined, out.sink, out.sink);
      await using task = await client.createTask(id, { creator });
      await task.start();
      await task.wait();
      await task.delete();
      expect(out.text).toBe(printed);
    }
    expect(await rejection(client.containers.delete("nobody", { snapshot: true }))).toMatchObject({
      code: "NOT_FOUND",
    });
    await client.containers.delete(id, { snapshot: true });
    expect(await rejection(client.snapshots().stat(id))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("for whose id there is a snapshot is refused, and that stays", async () => {
    const { client } = setup;
    const id = newID();
    await client.withLease(async (leased) => {
      await leased.snapshots().prepare(id);
      expect(await rejection(client.createContainer({ id, image }))).toMatchObject({
        code: "IN_USE",
        message: expect.stringContaining(`there is a snapshot "${id}"`),
      });
      await client.snapshots().remove(id);
    });
  });

  test("has its snapshot for as long as it is there, whatever the garbage collector does", async () => {
    const { client } = setup;
    const { id } = await client.createContainer({ id: newID(), image });
    const lease = await client.leases.create();
    await client.leases.delete(lease.id, { sync: true });
    expect(await client.snapshots().mounts(id)).not.toBeEmpty();
    await client.containers.delete(id, { snapshot: true });
  });

  test("that is deleted with a snapshot that is gone is deleted", async () => {
    const { client } = setup;
    const { id } = await client.createContainer({ id: newID(), image });
    await client.snapshots().remove(id);
    await client.containers.delete(id, { snapshot: true });
  });

  test("whose id is taken is refused, and the first goes on", async () => {
    const { client } = setup;
    const first = await client.createContainer({ id: newID(), image });
    expect(await rejection(client.createContainer({ id: first.id, image }))).toMatchObject({
      code: "IN_USE",
      message: expect.stringContaining(`"${first.id}" in the namespace "${client.namespace}"`),
    });
    expect(await client.containers.get(first.id)).toEqual(first);
    expect(await client.snapshots().mounts(first.id)).not.toBeEmpty();
    await client.containers.delete(first.id, { snapshot: true });
  });

  test("that can't be made leaves nothing", async () => {
    const { client } = setup;
    const create = (more: Partial<CreateContainerOptions>) =>
      rejection(client.createContainer({ id: newID(), image, ...more } as CreateContainerOptions));
    const failing = () => {
      throw new Error("of the caller");
    };
    expect(await create({ spec: [failing] })).toMatchObject({ message: "of the caller" });
    expect(await create({ spec: [withUser("nobody")] })).toMatchObject({ code: "NOT_FOUND" });
    expect(await create({ labels: { ["x".repeat(5000)]: "" } })).toMatchObject({
      code: "INVALID_ARGUMENT", // by the server, as the container is created
    });
    expect(await create({ id: "a/b" })).toMatchObject({ code: "INVALID_ID" });
    expect(await create({ image: "nothing" })).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining(`no image "nothing" in the namespace "${client.namespace}"`),
    });
  });

  test("that can't be made leaves nothing with the image's snapshot either", async () => {
    const { client, daemon } = setup;
    const name = "example.com/other:1";
    const { namespace } = client;
    const { chainID } = await daemon.importImage(name, { namespace, files: { other: "" } });
    const failed = client.createContainer({ id: newID(), image: name, spec: [withUser("nobody")] });
    expect(await rejection(failed)).toMatchObject({ code: "NOT_FOUND" });
    await client.snapshots().remove(chainID); // refused while something is made of it
    await client.images.delete(name, { sync: true });
  });

  test("leaves nothing when it is aborted, whenever that is", async () => {
    const { client } = setup;
    for (const delay of [0, 2, 4, 8, 12, 16, 20, 25, 30, 40, 60]) {
      const id = newID();
      const reason = new Error("enough");
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(reason), delay);
      const made = await client
        .createContainer({ id, image, signal: abort.signal })
        .catch((error: unknown) => error);
      clearTimeout(timer);
      if (made === reason) expect(await client.leases.list()).toEqual([]);
      else await client.containers.delete((made as Container).id, { snapshot: true });
    }
  });

  test("without the image's layers in a snapshotter says how to get them there", async () => {
    const create = setup.client.createContainer({ id: newID(), image, snapshotter: "native" });
    expect(await rejection(create)).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining(`image pull --snapshotter native ${image}`),
    });
  });

  test("is on the snapshotter and the runtime that its namespace says", async () => {
    const { client, daemon } = setup;
    const { name } = await client.namespaces.create(`${client.namespace}-labels`, {
      labels: {
        "containerd.io/defaults/snapshotter": "native",
        "containerd.io/defaults/runtime": "io.containerd.runtime.of.mine",
      },
    });
    const { connect } = await import("../../src/index.ts");
    await using other = await connect({ address: daemon.address, namespace: name });
    await daemon.importImage("web", { namespace: name, files });
    expect(await rejection(other.createContainer({ id: newID(), image: "web" }))).toMatchObject({
      message: expect.stringContaining(
        `not unpacked for the snapshotter "native": unpack it with "ctr --address ${daemon.address} --namespace ${name} `,
      ),
    });
    const of = { id: newID(), image: "web", snapshotter: "overlayfs" };
    expect(await other.createContainer(of)).toMatchObject({
      runtime: "io.containerd.runtime.of.mine",
      snapshotter: "overlayfs",
    });
    await other.containers.delete(of.id, { snapshot: true });
    const folder = await other.createContainer({
      id: newID(),
      rootfs: daemon.rootfs,
      args: ["true"],
    });
    expect(folder.runtime).toBe("io.containerd.runtime.of.mine");
    await other.containers.delete(folder.id);
    await other.images.delete("web", { sync: true });
    await other.namespaces.delete(name);
  });
});

describeWithContainerd("a container of a folder", (setup) => {
  leavesNothing(setup);

  test("runs what is in it", async () => {
    const rootfs = setup.daemon.rootfs;
    const text = await outputOf(setup, {
      id: newID(),
      rootfs,
      args: ["sh", "-c", "echo $PATH; pwd; grep CapBnd /proc/self/status; ls /sys/fs >/dev/null"],
      spec: [withCapabilities(["CAP_KILL"]), withProcessCwd("/bin"), withEnv(["PATH=/bin"])],
    });
    expect(text).toBe("/bin\n/bin\nCapBnd:\t0000000000000020\n");
  });

  test("is refused without a command, without a folder, and with two roots", async () => {
    const { client, daemon } = setup;
    const rootfs = daemon.rootfs;
    const create = (options: object) =>
      rejection(client.createContainer({ id: newID(), ...options } as CreateContainerOptions));
    expect(await create({ rootfs })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await create({ rootfs, args: [] })).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await create({ rootfs, image, args: ["a"] })).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    expect(await create({ args: ["a"] })).toMatchObject({ code: "INVALID_ARGUMENT" });
    const relative = { rootfs: "rootfs", args: ["a"] };
    expect(await create(relative)).toMatchObject({ code: "INVALID_ARGUMENT" });
    const missing = { rootfs: join(rootfs, "none"), args: ["a"] };
    expect(await create(missing)).toMatchObject({ code: "NOT_FOUND" });
    const file = { rootfs: join(rootfs, "bin/busybox"), args: ["a"] };
    expect(await create(file)).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("has the spec that containerd's Go client gives one", async () => {
    const { client, daemon } = setup;
    const { namespace } = client;
    const id = newID();
    const create = ["container", "create", "--rootfs", daemon.rootfs, id, "echo", "hello"];
    expect(await daemon.ctr("--namespace", namespace, ...create)).toMatchObject({ exitCode: 0 });
    const ours = newSpec(
      { id, namespace },
      withRootFSPath(daemon.rootfs),
      withProcessArgs("echo", "hello"),
      withDefaultPathEnv,
    );
    const [go, own] = [(await client.containers.get(id)).spec!, ours].map((spec) => ({
      ...spec,
      ociVersion: undefined,
      process: { ...spec.process, env: undefined }, // of ctr's flags
      linux: {
        ...spec.linux,
        resources: undefined, // devices, which runc allows by itself
        maskedPaths: spec.linux!.maskedPaths!.filter((path) => !path.endsWith("/powercap")), // not in 1.6
      },
    }));
    await client.containers.delete(id);
    expect(own).toEqual(go!);
  });
});
