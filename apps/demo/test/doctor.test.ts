import { connect } from "@taskio/containerd";
import { openFifo } from "@taskio/fifo";
import { expect, test } from "bun:test";
import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { logFilesIn } from "../src/doctor/log-files.ts";
import { examineLogs } from "../src/doctor/logs.ts";
import { removeLog } from "../src/client/log-path.ts";
import { command, TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

test("doctor: nothing is found on an embedded runtime without tasks", async () => {
  await using taskio = new TestRuntime();
  const { exitCode, stdout, stderr } = await taskio.run(["doctor"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const lines = stdout.split("\n");
  expect(lines).toEqual([
    expect.stringMatching(/^✓ +runtime +the embedded runtime \S+ answers at .*\/taskd\.sock$/),
    expect.stringMatching(/^✓ +services +containers, events, introspection, namespaces, tasks, v/),
    expect.stringMatching(/^✓ +streams +0 tasks in 0 namespaces, .* none is blocked$/),
    expect.stringMatching(/^✓ +folders +no abandoned FIFO folder in .*\/fifo$/),
    "",
  ]);
  expect(lines[1]!.indexOf("services")).toBe(lines[0]!.indexOf("runtime"));
  const onTerminal = taskio.onTerminal("doctor");
  expect(await onTerminal.exited()).toBe(0);
  expect(onTerminal.screen).toContain("\x1b[32m✓\x1b[0m   runtime");
});

test("doctor: tasks that wait for a reader, in all namespaces; one that is read is fine", async () => {
  await using taskio = new TestRuntime();
  const held = ["run", "-d", "--io", "fifo", "--name"];
  await taskio.ok("--namespace", "blue", ...held, "full", "--", "seq", "1", "100000");
  await taskio.ok(...held, "some", "--", "sh", "-c", "printf 12345; exec sleep 600");
  await taskio.ok(...held, "ended", "--", "sh", "-c", "echo rest; exit 3");
  await taskio.ok("run", "-d", "--name", "file", "--", "true");
  await taskio.untilState("ended", "stopped");
  await taskio.untilState("file", "stopped");
  const found = async () => JSON.parse((await taskio.run(["doctor", "--json"])).stdout);
  await until(async () => (await found()).streams.length === 3);
  const { healthy, streams, namespaces, ended } = await found();
  expect(healthy).toBe(false);
  expect(namespaces.sort()).toEqual(["blue", "default"]);
  const of = { exec: null, stream: "stdout", readers: [] };
  expect(
    streams.sort((a: { task: string }, b: { task: string }) => (a.task < b.task ? -1 : 1)),
  ).toMatchObject([
    { ...of, task: "ended", state: "unread", bytes: 5 },
    { ...of, task: "full", namespace: "blue", state: "blocked", bytes: 65536, capacity: 65536 },
    { ...of, task: "some", namespace: "default", state: "unread", bytes: 5 },
  ]);
  expect(ended.map(({ id }: { id: string }) => id).sort()).toEqual(["ended", "file"]);
  const { exitCode, stdout } = await taskio.run(["doctor"]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^! .*"full" waits until .*: "taskio --namespace blue attach full"$/m);
  expect(stdout).toMatch(/^- .*"some": 5 of 65536 bytes wait .*: "taskio attach some"$/m);
  expect(stdout).toMatch(/^- +ended +2 tasks that have ended in "default": .*: "taskio rm NAME"$/m);

  const read = await taskio.run(["--namespace", "blue", "attach", "full"]);
  const numbers = Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join("");
  expect(read.stdout === numbers).toBe(true); // the doctor took none
  expect((await taskio.run(["attach", "ended"])).stdout).toBe("rest\n");
  expect((await taskio.run(["doctor"])).exitCode).toBe(0);
  await taskio.ok("--namespace", "blue", "rm", "full");
});

test("doctor: an exec whose client was killed, and folders that clients left", async () => {
  await using taskio = new TestRuntime();
  for (const name of ["one", "two"]) {
    await taskio.ok("run", "-d", "--io", "null", "--name", name, "--", "sleep", "600");
    const client = taskio.spawn(["exec", name, "--", "sh", "-c", "echo begun; exec yes"]);
    const { value } = await client.stdout.getReader().read();
    expect(new TextDecoder().decode(value)).toStartWith("begun\n");
    client.kill("SIGKILL");
    await client.exited;
  }
  const dir = join(taskio.dir, "fifo");
  for (const name of ["left", "held"]) {
    mkdirSync(join(dir, name), { mode: 0o700 });
    Bun.spawnSync(["mkfifo", join(dir, name, "x-stdout")]);
  }
  await using reader = await openFifo(join(dir, "held", "x-stdout"), {
    read: true,
    nonblock: true,
  });
  const reading = reader.read(new Uint8Array(1)).catch(() => "closed");
  const blocked =
    /^! +blocked +the exec "exec-\w+" of the task "(one|two)" waits until somebody reads, .*"cat .*-stdout"$/gm;
  const blockedIn = (text: string) => [...text.matchAll(blocked)].map(([, task]) => task).sort();
  await until(async () => blockedIn((await taskio.run(["doctor"])).stdout).length === 2);
  const address = join(taskio.dir, "taskd.sock");
  const atAddress = await taskio.run(["--address", address, "doctor", "--fifo-dir", dir]);
  expect(atAddress.stdout).toMatch(/^✓ +runtime +the embedded runtime \S+ answers at /);
  expect(blockedIn(atAddress.stdout)).toEqual(["one", "two"]);
  expect(atAddress.stdout).not.toMatch(/^! +missing/m);
  const now = ["doctor", "--older-than", "0"];
  const found = await taskio.run(now);
  expect(found.exitCode).toBe(1);
  expect(found.stdout).toMatch(
    /^! +abandoned +1 FIFO folder .*"taskio doctor --fix --older-than 0"/m,
  );
  expect(found.stdout).toContain(` ${join(dir, "left")} (x-stdout), unchanged for `);
  expect(readdirSync(dir)).toHaveLength(4);
  const fixed = await taskio.run([...now, "--fix"]);
  expect(fixed.stdout).toContain(` ${join(dir, "left")}\n`);
  expect(readdirSync(dir).filter((name) => name === "left" || name === "held")).toEqual(["held"]);
  expect(await Promise.race([reading, Bun.sleep(200).then(() => "waits")])).toBe("waits");
  await reader.close();
  for (const name of ["one", "two"]) await taskio.ok("rm", "-f", name);
  expect(await taskio.run([...now, "--fix=true"])).toMatchObject({ exitCode: 0 });
  expect(readdirSync(dir)).toEqual([]);
});

test("doctor: a log whose container others removed, and one of a task that is there", async () => {
  await using taskio = new TestRuntime();
  for (const name of ["gone", "back", "here"]) {
    await taskio.ok("run", "-d", "--name", name, "--", "echo", "some");
    await taskio.untilState(name, "stopped");
  }
  const logOf = (name: string) => join(taskio.dir, "tasks/default", name, "output.log");
  await using client = await connect({ address: join(taskio.dir, "taskd.sock") });
  for (const name of ["gone", "back"]) {
    await (await client.loadTask(name)).delete();
    await client.containers.delete(name);
  }
  await until(() => taskio.hubs().length === 1, "the others' hubs have ended");
  await client.containers.create({ id: "back", spec: { ociVersion: "1.0.2" } }); // its task is not made yet
  expect(await taskio.run(["doctor"])).toMatchObject({ exitCode: 0 }); // it is too young
  const now = ["doctor", "--older-than", "0"];
  const found = await taskio.run(now);
  expect(found.exitCode).toBe(1);
  expect(found.stdout).toMatch(
    /^! +orphaned +1 log file without its container: "taskio doctor --fix --older-than 0" removes/m,
  );
  expect(found.stdout).toMatch(new RegExp(` ${logOf("gone")} \\(\\d\\d bytes\\), unchanged for `));
  const { healthy, logs } = JSON.parse((await taskio.run([...now, "--json"])).stdout);
  expect(healthy).toBe(false);
  expect(logs.orphaned).toMatchObject([{ namespace: "default", id: "gone" }]);
  const fixed = await taskio.run([...now, "--fix"]);
  expect(fixed.exitCode).toBe(0);
  expect(fixed.stdout).toMatch(/^✓ +removed +1 log file without its container$/m);
  expect(existsSync(dirname(logOf("gone")))).toBe(false);
  const nothing = { namespaces: [], residents: [] }; // as right before these were made
  const files = logFilesIn(join(taskio.dir, "tasks"));
  const late = await examineLogs(client, nothing, { files, olderThan: 0, fix: true });
  const reason = "there is a container of that name again";
  expect(late).toMatchObject({ removed: [], kept: [{ reason }, { reason }] });
  expect([logOf("back"), logOf("here")].every((path) => existsSync(path))).toBe(true);
  removeLog(logOf("back"));
});

const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ...command];
const canBeNobody = process.geteuid?.() === 0 && succeeds([...asNobody, "--version"]);

function succeeds(command: readonly string[]): boolean {
  return Bun.which(command[0]!) !== null && Bun.spawnSync([...command]).success;
}

test.skipIf(!canBeNobody)("doctor: a user's own folders are fixed without being root", async () => {
  await using taskio = new TestRuntime(asNobody);
  chownSync(taskio.dir, 65534, 65534);
  await taskio.ok("run", "-d", "--io", "fifo", "--name", "full", "--", "yes");
  const dir = join(taskio.dir, "fifo");
  mkdirSync(join(dir, "left"), { mode: 0o700 });
  chownSync(join(dir, "left"), 65534, 65534);
  const blocked = /^! +blocked +the task "full"/m;
  await until(async () => blocked.test((await taskio.run(["doctor"])).stdout));
  const fixed = await taskio.run(["doctor", "--older-than", "0", "--fix"]);
  expect(fixed.stdout).toContain(` ${join(dir, "left")}\n`);
  expect(readdirSync(dir)).toHaveLength(1);
});

test.each([
  [["--older-than", "soon"], 'invalid --older-than "soon": give minutes, 0 or more'],
  [["--older-than", "-1"], 'invalid --older-than "-1": give minutes, 0 or more'],
  [["--fifo-dir", "/not/there"], 'failed to look into the --fifo-dir "/not/there": '],
  [["--fifo-dir", "/etc/passwd"], 'the --fifo-dir "/etc/passwd" is no folder'],
  [["--address", "/nobody/there.sock"], 'failed to connect to "/nobody/there.sock": '],
])("doctor %p can't look: 125", async (args, message) => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["doctor", ...args]);
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toStartWith(`taskio: ${message}`);
});
