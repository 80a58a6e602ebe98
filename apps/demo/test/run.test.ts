import { expect, test } from "bun:test";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { passedOn } from "../src/client/base-env.ts";
import { TestRuntime } from "./support/test-runtime.ts";

test("output goes to stdout and stderr, byte for byte", async () => {
  await using taskio = new TestRuntime();
  const script = "printf 'a\\nb'; printf 'c' >&2";
  const ended = await taskio.run(["run", "--rm", "--", "sh", "-c", script]);
  expect(ended).toEqual({ exitCode: 0, stdout: "a\nb", stderr: "c" });
  expect(await taskio.list()).toEqual([]);
});

test("exit codes are the task's own, and docker's for what can't be run", async () => {
  await using taskio = new TestRuntime();
  const table: [number, ...string[]][] = [
    [0, "true"],
    [1, "false"],
    [42, "sh", "-c", "exit 42"],
    [137, "sh", "-c", "kill -KILL $$"],
    [143, "sh", "-c", "kill -TERM $$"],
    [127, "no-such-command"],
    [127, "/no/such/command"],
    [126, "/etc"],
    [126, "/etc/passwd"],
    [127, "/etc/passwd/x"],
    [127, "./not-there"],
  ];
  for (const [code, ...command] of table) {
    const ended = await taskio.run(["run", "--rm", "--", ...command]);
    expect({ command, code: ended.exitCode }).toEqual({ command, code });
    if (code === 126 || code === 127) expect(ended.stderr).toMatch(/^taskio: .*exec: .*\n$/);
  }
  expect(await taskio.list()).toEqual([]);
});

test("why a task can't be started is said once", async () => {
  await using taskio = new TestRuntime();
  const { stderr } = await taskio.run(["run", "--name", "one", "--", "/no/such"]);
  const why = 'exec: "/no/such": no such file or directory';
  expect(stderr).toBe(`taskio: failed to start the task "one": ${why}\n`);
});

test("without --rm the task stays as exited", async () => {
  await using taskio = new TestRuntime();
  await taskio.run(["run", "--name", "one", "--", "sh", "-c", "exit 3"]);
  expect(await taskio.list()).toMatchObject([{ id: "one", state: "stopped", exitCode: 3 }]);
  expect(await taskio.ok("rm", "one")).toBe("one\n");
  expect(await taskio.list()).toEqual([]);
});

test("-i connects stdin, and its end; without it there is none", async () => {
  await using taskio = new TestRuntime();
  const input = "x".repeat(200_000);
  const counted = await taskio.run(["run", "-i", "--rm", "--", "wc", "-c"], { stdin: input });
  expect(counted.stdout.trim()).toBe("200000");
  const empty = await taskio.run(["run", "-i", "--rm", "--", "cat"], { stdin: "" });
  expect(empty).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const none = await taskio.run(["run", "--rm", "--", "cat"], { stdin: "not read" });
  expect(none).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test("options may stand without --, and the command's own are left alone", async () => {
  await using taskio = new TestRuntime();
  const command = ["sh", "-c", 'echo "$@"', "-", "--rm=true", "-i", "--", "x"];
  for (const dashes of [[], ["--"]]) {
    const { stdout } = await taskio.run(["run", "--rm=true", ...dashes, ...command]);
    expect(stdout).toBe("--rm=true -i -- x\n");
  }
});

test("-e sets variables and passes them on, nothing else of ours is there", async () => {
  await using taskio = new TestRuntime();
  const script = 'echo "$A|$B|$C|$SECRET|${PATH:+path}"';
  const args = ["run", "--rm", "-e", "A=1=2", "-e", "B", "--env=C=", "-e", "NOT_THERE"];
  const env = { B: "ours", SECRET: "s", C: "no" };
  const { stdout } = await taskio.run([...args, "--", "sh", "-c", script], { env });
  expect(stdout).toBe("1=2|ours|||path\n");
});

test("of the caller's variables a task gets those that the docs name", async () => {
  await using taskio = new TestRuntime();
  const own = { PATH: process.env.PATH!, HOME: taskio.dir, TMPDIR: taskio.dir };
  const values = passedOn.map((name) => [name.replace("*", "TIME"), "x"]);
  const env = { ...Object.fromEntries(values), ...own } as Record<string, string>;
  const { stdout } = await taskio.run(["run", "--rm", "--", "env"], { env });
  const names = (pairs: string[]) => pairs.map((pair) => pair.split("=")[0]!).sort();
  const others = names(stdout.trimEnd().split("\n")).filter((name) => !/^LC_(?!TIME)/.test(name));
  expect(others).toEqual(names(Object.keys(env)));
});

test("a working directory that can't be used is 126", async () => {
  await using taskio = new TestRuntime();
  for (const folder of ["/not/there", "/etc/passwd", "/etc/passwd/x"]) {
    const ended = await taskio.run(["run", "--rm", "-w", folder, "--", "true"]);
    expect({ folder, ...ended }).toMatchObject({ exitCode: 126, stdout: "" });
    expect(ended.stderr).toMatch(/^taskio: .*chdir to cwd \("\/.*"\).*\n$/);
  }
  expect(await taskio.list()).toEqual([]);
});

test("-w sets the working directory, which is the caller's otherwise", async () => {
  await using taskio = new TestRuntime();
  const cwd = realpathSync(taskio.dir);
  mkdirSync(join(cwd, "below"));
  const pwd = async (...args: string[]) =>
    (await taskio.run(["run", "--rm", ...args, "--", "pwd"], { cwd })).stdout;
  expect(await pwd()).toBe(`${cwd}\n`);
  expect(await pwd("-w", "below")).toBe(`${cwd}/below\n`);
  expect(await pwd("--workdir", "/")).toBe("/\n");
});

test("a reader that is slow gets everything, also after the task's end", async () => {
  await using taskio = new TestRuntime();
  const child = taskio.spawn(["run", "--rm", "--", "seq", "1", "200000"]);
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = decoder.decode((await reader.read()).value, { stream: true });
  await Bun.sleep(2500); // longer than what is left behind may take
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
  }
  expect(text.split("\n")).toHaveLength(200_001);
  expect(text.endsWith("\n200000\n")).toBe(true);
  expect(await child.exited).toBe(0);
});

test("a stdout that is closed ends taskio quietly; --rm ends the task too", async () => {
  await using taskio = new TestRuntime();
  const pipeline = 'set -o pipefail; "$@" | head -1';
  const taskArgs = [...taskio.command, "run", "--rm", "--", "yes"];
  const child = Bun.spawn(["bash", "-c", pipeline, "-", ...taskArgs], {
    env: { ...taskio.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(await child.stdout.text()).toBe("y\n");
  expect(await child.stderr.text()).toBe("");
  expect(await child.exited).toBe(141);
  expect(await taskio.list()).toEqual([]);
});

test("c#7802: a process that the task leaves behind with its output is not waited for", async () => {
  await using taskio = new TestRuntime();
  const begin = performance.now();
  const script = "setsid sleep 8 & echo hi"; // out of the session, which ends with the task
  const ended = await taskio.run(["run", "--rm", "--", "sh", "-c", script]);
  expect(ended).toMatchObject({ exitCode: 0, stdout: "hi\n" });
  expect(performance.now() - begin).toBeLessThan(7_500);
});

test("names: a readable one, a given one, a taken one", async () => {
  await using taskio = new TestRuntime();
  expect(await taskio.ok("run", "-d", "--", "true")).toMatch(/^[a-z]+-[a-z]+\n$/);
  expect(await taskio.ok("run", "-d", "--name", "mine", "--", "true")).toBe("mine\n");
  const taken = await taskio.run(["run", "--name", "mine", "--", "true"]);
  expect(taken).toMatchObject({ exitCode: 125, stdout: "" });
  expect(taken.stderr).toMatch(/^taskio: the name "mine" is taken: .* "taskio rm mine"\n$/);
});
