import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Daemon, startContainerd } from "../src/index.ts";
import { describeWithDaemon } from "./support/describe-with-daemon.ts";
import { succeeded } from "./support/start-tasks.ts";

const namespace = `test-image-${process.pid}`;
const ctr = ["-n", namespace];

describeWithDaemon("an image", () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startContainerd();
  });
  afterAll(() => daemon.stop());

  function run(image: string, snapshotter: string, ...args: string[]): Promise<string> {
    const how = ["run", "--rm", "--fifo-dir", daemon.fifoDir, "--snapshotter", snapshotter];
    return succeeded(daemon, ...ctr, ...how, image, "task", ...args);
  }

  test("has busybox, and runs a shell", async () => {
    const image = await daemon.importImage("docker.io/library/plain:1", { namespace });
    expect(await run(image.name, image.snapshotter, "sh", "-c", "pwd; id -u")).toBe("/\n0\n");
    expect(await succeeded(daemon, ...ctr, "image", "ls", "-q")).toContain(image.name);
    expect(await succeeded(daemon, ...ctr, "image", "ls")).toContain(image.digest);
    expect(await succeeded(daemon, ...ctr, "content", "ls")).toContain(image.configDigest);
  });

  test("is what its config says, with more files in a second layer", async () => {
    const config = {
      Env: ["PATH=/bin", "COLOR=blue"],
      Entrypoint: ["sh", "-c"],
      Cmd: ["id -un; pwd; echo $COLOR"],
      WorkingDir: "/tmp",
      User: "joe",
    };
    const files = { "etc/passwd": "joe:x:7:7::/:/bin/sh\n" };
    const options = { namespace, config, files };
    const image = await daemon.importImage("docker.io/library/joe:1", options);
    expect(await run(image.name, image.snapshotter)).toBe("joe\n/tmp\nblue\n");
    const snapshots = await succeeded(
      daemon,
      ...ctr,
      "snapshots",
      "--snapshotter",
      image.snapshotter,
      "ls",
    );
    expect(snapshots).toContain(image.chainID);
    const config_ = await succeeded(daemon, ...ctr, "content", "get", image.configDigest);
    expect(JSON.parse(config_)).toMatchObject({ config });
  });

  test("may be one of several platforms", async () => {
    const options = { namespace, index: true };
    const image = await daemon.importImage("docker.io/library/many:1", options);
    const index = JSON.parse(await succeeded(daemon, ...ctr, "content", "get", image.digest));
    expect(index.manifests).toHaveLength(2);
    expect(await run(image.name, image.snapshotter, "echo", "hello")).toBe("hello\n");
  });
});
