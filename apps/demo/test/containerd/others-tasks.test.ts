import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import type { TestRuntime } from "../support/test-runtime.ts";

const image = "docker.io/library/box:latest";
const config = { Env: ["PATH=/bin", "WORD=image"], WorkingDir: "/tmp", User: "33:44" };
const files = { "etc/passwd": "root:x:0:0::/:/bin/sh\nweb:x:33:44::/:/bin/sh\n" };
/** As nerdctl's ids are. */
const hexID = "ab".repeat(32);

describe.skipIf(Boolean(missing))(titled("tasks that others started"), () => {
  let on: OnContainerd;
  let taskio: TestRuntime;

  beforeAll(async () => {
    on = await OnContainerd.start();
    taskio = on.taskio;
    const { namespace, daemon } = on;
    await daemon.importImage(image, { namespace, config, files });
    const fifos = ["--fifo-dir", daemon.fifoDir];
    const ofImage = [...fifos, "--env", "MORE=ctr", image, "image", "sleep", "600"];
    await Promise.all([
      on.ctr("run", "-d", ...ofImage),
      on.ctrRun(["--null-io"], "null", "sleep", "600"),
      on.ctrRunOnTerminal("terminal", "sh"),
      on.ctrRun(["--log-uri", `file://${log()}`], "log", "sh", "-c", "echo logged; exec sleep 600"),
      on.ctrRun(nerdctl("web", `binary://${daemon.rootfs}/bin/cat?a=b`), hexID, "sleep", "600"),
      on.ctr("container", "create", "--rootfs", daemon.rootfs, "bare", "/bin/true"),
    ]);
  });
  afterAll(async () => {
    await on?.[Symbol.asyncDispose]();
  });

  const log = () => `${on.daemon.fifoDir}.log`;
  const nerdctl = (name: string, uri: string) => [
    "--label",
    `nerdctl/name=${name}`,
    "--log-uri",
    uri,
  ];
  /** Runs what is refused in one line, and gives that. */
  const refusal = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await taskio.run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: "" });
    return stderr;
  };

  test("ls: names, states, and what takes their output", async () => {
    const rows = (await taskio.ok("ls")).split("\n").map((row) => row.split(/ {2,}/));
    const columns = rows.map((row) => [row[0], row[3]?.replace(/ .*/, ""), row.at(-1)]);
    expect(columns.slice(1, -1).sort()).toEqual([
      ["bare", "Created", "none"],
      ["image", "Up", "fifo"],
      ["log", "Up", "file"],
      ["null", "Up", "none"],
      ["terminal", "Up", "terminal"],
      ["web", "Up", "logger"],
    ]);
    const tasks = await taskio.list();
    expect(tasks.find(({ name }) => name === "web")).toMatchObject({ id: hexID, image: null });
    expect(tasks.find(({ id }) => id === "image")).toMatchObject({ image, terminal: false });
  });

  test("a task is found by nerdctl's name and by the begin of its id", async () => {
    expect(await taskio.ok("exec", "web", "echo", "in web")).toBe("in web\n");
    expect(await taskio.ok("exec", "abab", "echo", "by its id")).toBe("by its id\n");
    await on.ctrRun(["--null-io"], "logs", "true");
    expect(await taskio.ok("exec", "log", "echo", "exactly")).toBe("exactly\n");
    expect(await refusal("kill", "lo")).toBe(
      'taskio: "lo" could be "log", "logs": give more of the id\n',
    );
    await taskio.ok("rm", "logs");
  });

  test("exec gets the container's environment, folder, user and rights, and what is given over them", async () => {
    const look = "echo $WORD $MORE $A; pwd; id -u; id -g; ulimit -n; grep CapBnd /proc/self/status";
    const exec = async (...flags: string[]) =>
      (await taskio.ok("exec", ...flags, "image", "sh", "-c", look)).split("\n");
    const [bounding] = /CapBnd.*/.exec(
      await on.ctr("task", "exec", "--exec-id", "x", "null", "cat", "/proc/self/status"),
    )!;
    expect(await exec()).toEqual(["image ctr", "/tmp", "33", "44", "1024", bounding, ""]);
    const over = ["-e", "A=b", "-e", "MORE=mine", "-w", "/bin", "-u", "root"];
    expect(await exec(...over)).toEqual(["image mine b", "/bin", "0", "0", "1024", bounding, ""]);
    expect((await exec("-u", "5:6")).slice(2, 4)).toEqual(["5", "6"]);
    expect((await exec("-u", "33")).slice(2, 4)).toEqual(["33", "44"]);
    expect(await refusal("exec", "-u", "ghost", "image", "true")).toContain('no user "ghost"');
  });

  test("attach and logs say where the output is that no FIFO has", async () => {
    expect(await taskio.ok("logs", "log")).toBe("logged\n");
    expect(await refusal("attach", "log")).toBe(
      'taskio: the output of the task "log" goes to a file: see it with "taskio logs log"\n',
    );
    const seen = `see it with "nerdctl --namespace ${on.namespace} logs web"`;
    for (const command of ["attach", "logs"]) {
      const said = await refusal(command, "web");
      expect(said).toMatch(/"web" goes to a binary:\/\/ logger, binary:\/\/\/.*\/bin\/cat: /);
      expect(said).toContain(seen);
    }
    expect(await refusal("attach", "null")).toContain("its output is thrown away");
    expect(await refusal("logs", "image")).toContain('see it with "taskio attach image"');
    expect(await refusal("attach", "bare")).toContain('"bare" has no task');
  });

  test("what is in another namespace is pointed to", async () => {
    const ended = await taskio.run(["--namespace", "elsewhere", "wait", "log"]);
    expect(ended).toEqual({
      exitCode: 125,
      stdout: "",
      stderr: `taskio: no task "log" in the namespace "elsewhere": it is in "${on.namespace}": give --namespace ${on.namespace}\n`,
    });
  });

  test("kill, wait and rm: with its snapshot and its FIFOs, and nothing else goes", async () => {
    const waiting = taskio.ok("wait", "image");
    expect(await refusal("rm", "image")).toContain('"taskio rm -f image"');
    expect(await on.activeSnapshots()).toEqual(["image"]);
    await taskio.ok("kill", "-s", "TERM", "image");
    await taskio.ok("kill", "image");
    expect(await waiting).toBe("137\n");
    expect(await taskio.ok("rm", "image")).toBe("image\n");
    expect(await on.activeSnapshots()).toEqual([]);
    for (const name of ["web", "terminal", "log", "null", "bare"]) {
      expect(await taskio.ok("rm", "-f", name)).toBe(`${name}\n`);
    }
    expect(await on.ctr("container", "ls", "-q")).toBe("");
    expect(await on.ctr("task", "ls", "-q")).toBe("");
    expect(readdirSync(on.daemon.fifoDir)).toEqual([]);
    expect(await Bun.file(log()).text()).toBe("logged\n"); // the user's own
  });
});
