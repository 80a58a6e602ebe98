import { expect, test } from "bun:test";
import { TestRuntime } from "./support/test-runtime.ts";

const leave = "\x10\x11"; // ^P ^Q
const counter = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; sleep 0.005; done; exit 7";

test("detach keys leave, attach comes back, and nothing is missing", async () => {
  await using taskio = new TestRuntime();
  const first = taskio.onTerminal("run", "-it", "--name", "count", "--", "sh", "-c", counter);
  await first.sees("line 10\r\n");
  first.type(leave);
  expect(await first.exited()).toBe(0);
  expect(first.screen).toContain(
    'taskio: detached from count, which goes on: come back with "taskio attach count"',
  );
  const second = taskio.onTerminal("attach", "count");
  await second.sees("line 150\r\n");
  second.type(leave);
  expect(await second.exited()).toBe(0);
  const third = taskio.onTerminal("attach", "count");
  expect(await third.exited()).toBe(7);
  const all = first.screen + second.screen + third.screen;
  const seen = [...all.matchAll(/line (\d+)\r\n/g)].map(([, number]) => Number(number));
  expect(seen).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
});

test("other detach keys, and none", async () => {
  await using taskio = new TestRuntime();
  const cat = taskio.onTerminal("run", "-it", "--name", "a", "--detach-keys", "x,y", "--", "cat");
  cat.type("one\r");
  await cat.sees("one\r\none\r\n");
  cat.type("xy");
  expect(await cat.exited()).toBe(0);
  const none = taskio.onTerminal("attach", "--detach-keys", "", "a");
  none.type("\x10\x11two\r");
  await none.sees("\x10two\r\n"); // what cat prints: the echo shows ^P
  none.type("\x04");
  expect(await none.exited()).toBe(0);
  const bad = await taskio.run(["attach", "--detach-keys", "ctrl-1", "a"]);
  expect(bad.exitCode).toBe(125);
  expect(bad.stderr).toMatch(/^taskio: invalid detach key "ctrl-1" .*\n$/);
});

test("the terminal's size and its changes are the task's; ^C is typed, not a signal to us", async () => {
  await using taskio = new TestRuntime();
  const shell = taskio.onTerminal("run", "-it", "--rm", "--", "sh");
  shell.type("stty size\r");
  await shell.sees("24 80\r\n");
  shell.resize(100, 40);
  shell.type("sleep 0.3; stty size\r");
  await shell.sees("40 100\r\n");
  shell.type("sleep 60\r");
  await Bun.sleep(300);
  shell.type("\x03");
  shell.type("echo code $?\r");
  await shell.sees("code 130\r\n");
  shell.type("exit 9\r");
  expect(await shell.exited()).toBe(9);
});

test("exec -it has a terminal of its own", async () => {
  await using taskio = new TestRuntime();
  await taskio.ok("run", "-d", "--name", "one", "--", "sleep", "600");
  const shell = taskio.onTerminal("exec", "-it", "one", "--", "sh");
  shell.type("tty; stty size\r");
  await shell.sees("/dev/pts/");
  await shell.sees("24 80\r\n");
  shell.type("exit 4\r");
  expect(await shell.exited()).toBe(4);
});

test("-it without a terminal is refused", async () => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["run", "-it", "--", "true"], { stdin: "x" });
  expect(ended).toMatchObject({ exitCode: 125, stdout: "" });
  expect(ended.stderr).toMatch(/^taskio: the input device is not a TTY.*\n$/);
});

test("n#1685: -t without -i is greppable", async () => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["run", "-t", "--rm", "--", "sh", "-c", "echo out; echo err >&2"]);
  expect(ended).toEqual({ exitCode: 0, stdout: "out\r\nerr\r\n", stderr: "" });
});

test("the terminal is restored after the end, a detach and a signal", async () => {
  await using taskio = new TestRuntime();
  const run = [
    ...taskio.command,
    "run",
    "-it",
    "--name",
    "x",
    "--",
    "sh",
    "-c",
    "echo up; sleep 60",
  ];
  const script =
    'before=$(stty -g); "$@"; echo "code $?"; [ "$(stty -g)" = "$before" ] && echo same';
  const { PtyCommand } = await import("@taskio/test-support");
  for (const end of ["keys", "signal", "exit"] as const) {
    const shell = new PtyCommand(["sh", "-c", script, "-", ...run], taskio.env);
    await shell.sees("up\r\n");
    if (end === "keys") shell.type(leave);
    if (end === "exit") await taskio.ok("kill", "x");
    if (end === "signal") process.kill(await childOf(shell.pid), "SIGTERM");
    await shell.sees("same\r\n");
    const code = { keys: "code 0", exit: "code 137", signal: "code 143" }[end];
    expect(shell.screen).toContain(code);
    await shell.exited();
    await taskio.ok("rm", "-f", "x");
  }
});

async function childOf(pid: number): Promise<number> {
  const children = await Bun.file(`/proc/${pid}/task/${pid}/children`).text();
  return Number(children.trim().split(" ")[0]);
}
