import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readlinkSync } from "node:fs";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import { TestRuntime } from "../support/test-runtime.ts";

const image = "docker.io/library/box:latest";
const config = {
  Entrypoint: ["sh", "-c"],
  Cmd: ["echo $WORD; id -u; pwd"],
  Env: ["PATH=/bin", "WORD=image"],
  WorkingDir: "/tmp",
  User: "web",
};
const files = { "etc/passwd": "root:x:0:0::/:/bin/sh\nweb:x:33:33::/:/bin/sh\n" };

describe.skipIf(Boolean(missing))(titled("run on containerd"), () => {
  let on: OnContainerd;
  let taskio: TestRuntime;

  beforeAll(async () => {
    on = await OnContainerd.start();
    taskio = on.taskio;
    await on.daemon.importImage(image, { namespace: on.namespace, config, files });
  });
  afterAll(async () => {
    await on?.[Symbol.asyncDispose]();
  });

  /** What is left is told by `ctr`, which sees all of it. */
  async function nothingIsLeft(): Promise<void> {
    expect(await on.ctr("container", "ls", "-q")).toBe("");
    expect(await on.activeSnapshots()).toEqual([]);
    expect(await on.ctr("leases", "ls", "-q")).toBe("");
  }

  test("this system's folders, without an image: streams, exit codes, stdin", async () => {
    const both = ["run", "--rm", "--", "sh", "-c", "echo out; echo err >&2; exit 3"];
    expect(await taskio.run(both)).toEqual({ exitCode: 3, stdout: "out\n", stderr: "err\n" });
    const codeOf = async (...args: string[]) =>
      (await taskio.run(["run", "--rm", ...args])).exitCode;
    expect(await codeOf("--", "no-such-command")).toBe(127);
    expect(await codeOf("--", "/etc")).toBe(126);
    expect(await codeOf("-w", "/etc/passwd", "--", "true")).toBe(126);
    const typed = await taskio.run(["run", "-i", "--rm", "--", "cat"], { stdin: "typed" });
    expect(typed).toEqual({ exitCode: 0, stdout: "typed", stderr: "" });
    const apart = ["--net", "none", "-u", "nobody", "--", "sh", "-c"];
    const seen = await taskio.ok("run", "--rm", ...apart, "id -un; tail -n +3 /proc/net/dev");
    expect(seen).toMatch(/^nobody\n *lo:.*\n$/);
    await nothingIsLeft();
  });

  test("a task of the same name in another namespace is left alone by rm", async () => {
    const there = ["--namespace", `${on.namespace}-other`];
    const start = ["run", "-d", "--name", "twin", "--", "sleep", "600"];
    await taskio.ok(...start);
    await taskio.ok(...there, ...start);
    await taskio.ok("rm", "-f", "twin");
    const [twin] = JSON.parse(await taskio.ok(...there, "ls", "--json"));
    await taskio.ok(...there, "rm", "-f", "twin");
    expect(twin).toMatchObject({ id: "twin", state: "running" });
    await nothingIsLeft();
  });

  test("-d, exec, logs, rm", async () => {
    const script = "echo logged; sleep 600";
    await taskio.ok("run", "-d", "--name", "bg", "--", "sh", "-c", script);
    const inside = await taskio.run(["exec", "bg", "--", "sh", "-c", "echo in; exit 4"]);
    expect(inside).toMatchObject({ exitCode: 4, stdout: "in\n" });
    expect((await taskio.run(["exec", "-w", "/not/there", "bg", "--", "true"])).exitCode).toBe(126);
    expect((await taskio.run(["exec", "bg", "--", "no-such-command"])).exitCode).toBe(127);
    expect(await taskio.ok("logs", "bg")).toBe("logged\n");
    expect((await taskio.run(["rm", "bg"])).exitCode).toBe(125);
    expect(await taskio.ok("rm", "-f", "bg")).toBe("bg\n");
    await nothingIsLeft();
  });

  test("-it, left and come back to", async () => {
    const address = ["--address", on.daemon.address];
    const shell = taskio.onTerminal(...address, "run", "-it", "--name", "sh", "--", "sh");
    shell.type("stty size\r");
    await shell.sees("24 80\r\n");
    shell.type("\x10\x11");
    expect(await shell.exited()).toBe(0);
    expect(shell.screen).toContain(`"taskio --address ${on.daemon.address} attach sh"`);
    const again = taskio.onTerminal(...address, "attach", "sh");
    again.type("exit 5\r");
    expect(await again.exited()).toBe(5);
    expect(await taskio.ok("rm", "sh")).toBe("sh\n");
    expect(await taskio.list()).toEqual([]);
  });

  test("--image: command, environment, folder and user of the image, and what is given over them", async () => {
    expect(await taskio.ok("run", "--rm", "--image", "box")).toBe("image\n33\n/tmp\n");
    const over = ["-e", "WORD=mine", "-w", "sub", "-u", "5:6", "echo $WORD; id -u; id -g; pwd"];
    expect(await taskio.ok("run", "--rm", "--image", image, ...over)).toBe(
      "mine\n5\n6\n/tmp/sub\n",
    );
    const alone = ["--net", "none", "--image", "box", "--", "tail -n +3 /proc/net/dev"];
    expect(await taskio.ok("run", "--rm", ...alone)).toMatch(/^ *lo:.*\n$/);
    const look = ["--image", "box", "--", "cat /etc/hosts; readlink /proc/self/ns/net"];
    const shared = await taskio.ok("run", "--rm", ...look);
    const network = readlinkSync("/proc/self/ns/net");
    expect(shared).toBe(`${await Bun.file("/etc/hosts").text()}${network}\n`);
    await nothingIsLeft();
  });

  test("--image with a terminal", async () => {
    const shell = taskio.onTerminal("run", "-it", "--rm", "-e", "A=b", "--image", "box", "exec sh");
    shell.type("stty size; echo $TERM $A $WORD\r");
    await shell.sees("24 80\r\nxterm b image\r\n");
    shell.type("exit 6\r");
    expect(await shell.exited()).toBe(6);
    await nothingIsLeft();
  });

  test("a task of an image has a snapshot of its own, until rm", async () => {
    const script = "echo mine > /tmp/file; exec sleep 600";
    await taskio.ok("run", "-d", "--name", "one", "-u", "0", "--image", "box", "--", script);
    expect(await on.activeSnapshots()).toEqual(["one"]);
    expect(await taskio.list()).toMatchObject([{ id: "one", image, state: "running" }]);
    expect(await taskio.ok("exec", "one", "cat", "/tmp/file")).toBe("mine\n");
    const taken = await taskio.run(["run", "--name", "one", "--image", "box"]);
    expect(taken.stderr).toMatch(/^taskio: the name "one" is taken: .* "taskio rm one"\n$/);
    await taskio.ok("rm", "-f", "one");
    await nothingIsLeft();
  });

  test("a snapshot that others left has the name: it goes by what is proposed", async () => {
    const parent = /^(sha256:\S+) +sha256:/m.exec(await on.ctr("snapshot", "ls"))![1]!;
    const native = ["snapshots", "--snapshotter", "native"];
    await on.ctr(...native, "prepare", "layers", "");
    await on.ctr(...native, "commit", parent, "layers"); // as if the image were unpacked there
    await on.ctr(...native, "prepare", "lost", parent);
    await on.ctr("snapshots", "prepare", "lost", parent);
    const proposed =
      /"lost" is taken by a snapshot .* "ctr --namespace \S+ (snapshots .* rm lost)"\n$/;
    const remedyFor = async (...flags: string[]) => {
      const run = ["run", "--rm", "--name", "lost", ...flags, "--image", "box"];
      return proposed.exec((await taskio.run(run)).stderr)?.[1] ?? "";
    };
    expect(await remedyFor()).toBe("snapshots --snapshotter overlayfs rm lost");
    const given = await remedyFor("--snapshotter", "native");
    expect(given).toBe("snapshots --snapshotter native rm lost");
    await on.ctr(...given.split(" "));
    await on.ctr(...(await remedyFor()).split(" "));
    expect(await taskio.ok("run", "--rm", "--name", "lost", "--image", "box")).not.toBe("");
    await on.ctr(...native, "rm", parent);
    await nothingIsLeft();
  });

  test("--rootfs: a folder, as it is", async () => {
    const { rootfs } = on.daemon;
    const script = "pwd; echo $PATH; echo new > /tmp/made";
    expect(await taskio.ok("run", "--rm", "--rootfs", rootfs, "--", "sh", "-c", script)).toBe(
      "/\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
    );
    expect(await Bun.file(`${rootfs}/tmp/made`).text()).toBe("new\n");
    const relative = await taskio.run(["run", "--rm", "--rootfs", "rootfs", "cat", "tmp/made"], {
      cwd: `${rootfs}/..`,
    });
    expect(relative.stdout).toBe("new\n");
    await nothingIsLeft();
  });

  test("what fails leaves nothing, and says what to do", async () => {
    const { rootfs } = on.daemon;
    const pull = `ctr --namespace ${on.namespace} image pull`;
    const table: [string[], number, string][] = [
      [["--image", "ghost"], 125, `pull it with "${pull} docker.io/library/ghost:latest"`],
      [["--image", "box", "--snapshotter", "native"], 125, `${pull} --snapshotter native ${image}`],
      [["--image", "box", "-u", "ghost"], 125, `no user "ghost"`],
      [["--image", "box", "-u", "0", "exec no-such-command"], 127, "not found"],
      [["--image", "box", "-w", "/etc/passwd"], 126, "failed to create the task"],
      [["--rootfs", `${rootfs}/ghost`, "true"], 125, `the root filesystem "${rootfs}/ghost"`],
      [["--rootfs", rootfs, "no-such-command"], 127, 'exec: "no-such-command"'],
    ];
    for (const [args, exitCode, message] of table) {
      const ended = await taskio.run(["run", "--rm", ...args]);
      expect({ args, ...ended }).toMatchObject({ args, exitCode, stdout: "" });
      expect(ended.stderr).toContain(message);
      await nothingIsLeft();
    }
    const address = ["--address", on.daemon.address];
    const given = await taskio.run([...address, "run", "--image", "ghost"]);
    const pullThere = `ctr ${address.join(" ")} --namespace ${on.namespace} image pull`;
    expect(given.stderr).toContain(`"${pullThere} docker.io/library/ghost:latest"`);
    const elsewhere = ["run", "--image", "box", "--snapshotter", "native"];
    const unpacked = await taskio.run([...address, ...elsewhere]);
    expect(unpacked.stderr).toBe(
      `taskio: the image "${image}" is not unpacked for the snapshotter "native": unpack it with ` +
        `"${pullThere} --snapshotter native ${image}", or choose a snapshotter that has it\n`,
    );
  });

  test("an image that lost a part of it", async () => {
    const { namespace } = on;
    const name = "docker.io/library/part:latest";
    const { configDigest } = await on.daemon.importImage(name, {
      namespace,
      config: { User: "7" },
    });
    await on.ctr("content", "rm", configDigest);
    const ended = await taskio.run(["run", "--image", name]);
    expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
    const again = `pull it again with "ctr --namespace ${namespace} image pull ${name}"`;
    expect(ended.stderr).toBe(`taskio: the image "${name}" is not whole: ${again}\n`);
    await nothingIsLeft();
  });

  test("an image of another namespace is pointed to", async () => {
    const other = ["--namespace", `${on.namespace}-other`];
    const ended = await taskio.run([...other, "run", "--image", "box"]);
    expect(ended.stderr).toContain(`it is in "${on.namespace}": give --namespace ${on.namespace}`);
  });
});

test.each([
  [["--image", "box"], "--image needs containerd"],
  [["--rootfs", "/", "true"], "--rootfs needs containerd"],
  [["--snapshotter", "native", "true"], "--snapshotter needs containerd"],
  [["--net", "none", "true"], "--net needs containerd"],
  [["-u", "1000", "true"], "--user needs containerd"],
])("the embedded runtime is not even started for %p", async (args, message) => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["run", ...args]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toMatch(new RegExp(`^taskio: ${message}: .*\n$`));
  expect(existsSync(`${taskio.dir}/taskd.sock`)).toBe(false);
});

test.each([
  [["--image", "box", "--rootfs", "/"], "--image and --rootfs can't be given together"],
  [["--snapshotter", "native", "true"], "--snapshotter goes with --image"],
  [["--net", "bridge", "true"], 'invalid --net "bridge"'],
  [["--rootfs", "/"], "missing required argument 'command'"],
])("%p are refused before containerd is asked", async (args, message) => {
  await using taskio = new TestRuntime();
  const env = { CONTAINERD_ADDRESS: "/nobody/there.sock" };
  const ended = await taskio.run(["run", ...args], { env });
  expect(ended.exitCode).toBe(125);
  expect(ended.stderr).toStartWith(`taskio: ${message}`);
});
