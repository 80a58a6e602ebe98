import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "@taskio/containerd";
import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator, openFifo } from "@taskio/fifo";
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { deleteContainer } from "../support/delete-container.ts";
import { Diagnosed, seesAll } from "../support/diagnosed.ts";
import { missing, OnContainerd, titled } from "../support/on-containerd.ts";
import { until } from "@taskio/test-support";

describe.skipIf(Boolean(missing))(titled("doctor on containerd"), () => {
  let on: OnContainerd;
  let doctor: Diagnosed;

  beforeAll(async () => {
    on = await OnContainerd.start();
    mkdirSync(on.daemon.fifoDir);
    doctor = new Diagnosed(on.taskio.command, { ...on.taskio.env, ...on.env }, on.daemon.fifoDir);
  });
  afterAll(async () => {
    await on?.[Symbol.asyncDispose]();
  });

  test("nothing is found: which runtime answers, what it has, 0", async () => {
    const { exitCode, stdout, stderr } = await doctor.lines();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "))).toEqual([
      expect.stringMatching(/^✓ \| runtime \| containerd .* answers at .*containerd\.sock$/),
      expect.stringMatching(
        /^✓ \| services \| containers, content, .*snapshots, .*tasks, .*version$/,
      ),
      "✓ | streams | 0 tasks in 0 namespaces, 0 outputs in FIFOs, none is blocked",
      expect.stringMatching(/^✓ \| folders \| no abandoned FIFO folder in .*\/fifo$/),
      "",
    ]);
    expect(await doctor.json()).toMatchObject({ healthy: true, streams: [], ended: [] });
  });

  test("c#9342: a task that nobody reads is found, in every namespace, and attach ends that", async () => {
    await on.ctrRunLater("full", "seq 1 100000; exit 3");
    await on.ctrRunLater("some", "printf 12345; exec sleep 600");
    await until(async () => (await doctor.streamOf("full"))?.state === "blocked");
    await until(async () => (await doctor.streamOf("some")) !== undefined);
    expect(await doctor.streamOf("full")).toMatchObject({
      namespace: on.namespace,
      stream: "stdout",
      readers: [],
      bytes: 65536,
      capacity: 65536,
    });
    expect(await doctor.streamOf("some")).toMatchObject({ state: "unread", bytes: 5 });
    const { exitCode, stdout } = await doctor.lines("--namespace", "elsewhere");
    expect(exitCode).toBe(1);
    const command = (id: string) => `"taskio --namespace ${on.namespace} attach ${id}"`;
    expect(stdout).toMatch(/^! +blocked +the task "full" waits until somebody reads, 65536 of /m);
    expect(stdout).toContain(` wait in its stdout: ${command("full")}\n`);
    expect(stdout).toMatch(/^- +unread +the task "some": 5 of 65536 bytes wait in its stdout, /m);
    expect(stdout).toContain(`nobody reads: ${command("some")}\n`);
    const attached = await on.taskio.run(["attach", "full"]);
    const numbers = Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join("");
    expect(attached.stdout === numbers).toBe(true); // the doctor took none
    expect(attached.exitCode).toBe(3);
    const { exitCode: none, stdout: notes } = await doctor.lines();
    expect(none).toBe(0);
    expect(notes).toMatch(/^- +ended +1 task that has ended in ".*": full: "taskio rm NAME"$/m);
    await on.taskio.ok("rm", "full");
    await on.taskio.ok("rm", "-f", "some");
  });

  test("the folder of a task that has ended stays, also where nobody has its FIFOs open", async () => {
    const { rootfs, fifoDir, address } = on.daemon;
    await on.ctr("container", "create", "--rootfs", rootfs, "ended", "/bin/true");
    await using client = await connect({ address, namespace: on.namespace });
    const creator = newCreator(
      withStreams(undefined, () => {}),
      withFIFODir(fifoDir),
    );
    const task = await client.createTask("ended", { creator });
    await task.start();
    await task.wait();
    await task.detach();
    const { exitCode, stdout } = await doctor.lines("--older-than", "0", "--fix");
    expect(stdout).toMatch(/^✓ +folders +no abandoned/m);
    expect(exitCode).toBe(0);
    expect(readdirSync(fifoDir)).toHaveLength(1);
    await on.taskio.ok("rm", "ended");
  });

  test("a reader that takes nothing is named", async () => {
    await on.ctrRun([], "slow", "yes");
    const [folder] = readdirSync(on.daemon.fifoDir);
    const path = join(on.daemon.fifoDir, folder!, "slow-stdout");
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      await until(async () => (await doctor.streamOf("slow"))?.state === "slow");
      const { exitCode, stdout } = await doctor.lines();
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(
        new RegExp(
          `^- +full +the task "slow" waits for its reader, bun\\S* \\(pid ${process.pid}\\)`,
          "m",
        ),
      );
    } finally {
      closeSync(reader);
    }
    await on.taskio.ok("rm", "-f", "slow");
  });

  test("a log whose container ctr removed is listed, then removed; those of others stay", async () => {
    const { dir } = on.taskio;
    const run = ["run", "-d", "--name", "bg", "--", "echo", "some"];
    await on.taskio.ok(...run);
    await on.taskio.ok("--namespace", `${on.namespace}-other`, ...run); // of the same name
    await on.taskio.ok("wait", "bg");
    await on.ctr("task", "rm", "bg");
    await on.ctr("container", "rm", "bg");
    await until(() => on.taskio.hubs().length === 1, "the hub of what ctr removed has ended");
    const [own] = readdirSync(dir);
    const log = (of: string, namespace: string) => join(dir, of, namespace, "bg", "output.log");
    const others = ["tasks", "tasks-of-another"].map((of) => log(of, "default"));
    for (const path of others) await Bun.write(path, "of another runtime\n");
    expect((await doctor.lines()).exitCode).toBe(0); // it is too young
    const found = await doctor.lines("--older-than", "0");
    expect(found.exitCode).toBe(1);
    expect(found.stdout).toMatch(
      /^! +orphaned +1 log file without its container: "taskio doctor /m,
    );
    const orphan = new RegExp(` ${log(own!, on.namespace)} \\(\\d\\d bytes\\), unchanged for `);
    expect(found.stdout).toMatch(orphan);
    const fixed = await doctor.lines("--older-than", "0", "--fix");
    expect(fixed.exitCode).toBe(0);
    expect(fixed.stdout).toMatch(/^✓ +removed +1 log file without its container$/m);
    expect(existsSync(log(own!, on.namespace))).toBe(false);
    const stay = [...others, log(own!, `${on.namespace}-other`)];
    expect(stay.every((path) => existsSync(path))).toBe(true);
    await on.taskio.ok("--namespace", `${on.namespace}-other`, "rm", "-f", "bg");
    expect(readdirSync(dir).sort()).toEqual(["tasks", "tasks-of-another"]);
  });

  test("tasks whose containers were deleted from under them: what brings them back is told", async () => {
    await on.ctrRunLater("stuck", "seq 1 100000");
    await on.ctrRun([], "ended", "true");
    await on.untilStatus("ended", "STOPPED");
    for (const id of ["stuck", "ended"]) {
      await deleteContainer(on.daemon.address, on.namespace, id);
    }
    await until(async () => (await doctor.streamOf("stuck"))?.state === "blocked");
    expect(await on.taskio.list()).toEqual([]);
    expect(await on.taskio.run(["rm", "ended"])).toMatchObject({ exitCode: 125 });
    const { exitCode, stdout } = await doctor.lines();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^! +blocked .*"stuck" waits .*: "cat \/.*\/stuck-stdout"$/m);
    expect(stdout).not.toMatch(/^- +ended/m);
    const { ended, withoutContainer } = await doctor.json();
    expect(ended).toEqual([]);
    expect(withoutContainer.map(({ id }) => id).sort()).toEqual(["ended", "stuck"]);
    const remedies = /"(ctr) --namespace \S+ (container create .*)", then "taskio (rm -f .*)"/g;
    const found = [...stdout.matchAll(remedies)];
    expect(found).toHaveLength(2);
    for (const [, , create, rm] of found) {
      await on.ctr(...create!.split(" "));
      await on.taskio.ok(...rm!.split(" "));
    }
    expect(await doctor.lines()).toMatchObject({ exitCode: 0 });
    expect(await on.ctr("task", "ls", "-q")).toBe("");
  });

  test("a FIFO that somebody removed is told of", async () => {
    await on.ctrRun([], "lost", "sleep", "600");
    const [folder] = readdirSync(on.daemon.fifoDir);
    await Bun.$`rm -r ${join(on.daemon.fifoDir, folder!)}`;
    const { exitCode, stdout } = await doctor.lines();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^! +lost +the task "lost": its stdout was .*lost-stdout, which is gone/m,
    );
    await on.taskio.ok("rm", "-f", "lost");
  });

  test("an exec's owner is not known where its shim doesn't tell", async () => {
    const { fifoDir, address } = on.daemon;
    const folder = doctor.makeFolder("untold", ["odd-stdout"]);
    const fifo = join(folder, "odd-stdout");
    const shim = join(fifoDir, "..", "containerd-shim-odd"); // its name is the program's
    copyFileSync(Bun.which("bash")!, shim);
    const script = 'exec 3<>"$0"; echo 12345 >&3; echo up; read -r';
    const held = Bun.spawn([shim, "-c", script, fifo, "-address", address], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      await held.stdout.getReader().read();
      const owner = { namespace: null, task: null };
      expect(await doctor.execStream("odd")).toMatchObject({ ...owner, state: "unread", bytes: 6 });
    } finally {
      held.kill();
      await held.exited;
      rmSync(folder, { recursive: true });
      rmSync(shim);
    }
  });

  test.skipIf(!seesAll)(
    "c#11462: a folder that a killed client left is listed, then removed; that of a live one stays",
    async () => {
      const { fifoDir } = on.daemon;
      await on.ctrRun([], "live", "sleep", "600");
      const live = readdirSync(fifoDir);
      const exec = on.daemon.spawnCtr(
        ...["--namespace", on.namespace, "task", "exec", "--exec-id", "running"],
        ...["--fifo-dir", fifoDir, "live", "yes"],
      );
      const left = doctor.makeFolder("left", ["gone-stdout", "gone-stderr"]);
      const held = doctor.makeFolder("held", ["new-stdout"]);
      await using reader = await openFifo(join(held, "new-stdout"), { read: true, nonblock: true });
      const reading = reader.read(new Uint8Array(1)).catch(() => "closed");
      await until(async () => (await doctor.execStream("running"))?.state === "slow");
      exec.kill("SIGKILL"); // its process goes on, and has its FIFOs open
      await exec.exited;
      await until(async () => (await doctor.execStream("running"))?.state === "blocked");
      expect(await doctor.execStream("running")).toMatchObject({ task: "live", readers: [] });

      const young = await doctor.lines();
      expect(young.stdout).toMatch(/^✓ +folders +no abandoned/m);
      const found = await doctor.lines("--older-than", "0");
      expect(found.exitCode).toBe(1);
      expect(found.stdout).toMatch(
        /^! +abandoned +1 FIFO folder .*"taskio doctor --fix --older-than 0 --/m,
      );
      expect(found.stdout).toContain(` ${left} (gone-stderr, gone-stdout), unchanged for `);
      expect(found.stdout).not.toContain(held);
      expect(readdirSync(fifoDir)).toContain("left");

      const fixed = await doctor.lines("--older-than", "0", "--fix");
      expect(fixed.exitCode).toBe(1); // the exec is blocked
      expect(fixed.stdout).toMatch(/^✓ +removed +1 FIFO folder that nobody needs$/m);
      expect(fixed.stdout).toContain(` ${left}\n`);
      expect(readdirSync(fifoDir).length).toBe(live.length + 2);
      expect(await Promise.race([reading, Bun.sleep(200).then(() => "waits")])).toBe("waits"); // no EOF
      await reader.close();
      const [, cat] = /: "(cat .*\/running-stdout)"$/m.exec(fixed.stdout)!;
      const catting = Bun.spawn(["sh", "-c", `exec ${cat}`], { stdout: "ignore" });
      await on.taskio.ok("rm", "-f", "live");
      expect(await catting.exited).toBe(0);
      const last = await doctor.json("--older-than", "0", "--fix");
      expect(last).toMatchObject({ healthy: true, folders: { abandoned: [] } });
      expect(readdirSync(fifoDir)).toEqual([]);
    },
  );
});
