import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestRuntime } from "./support/test-runtime.ts";

const trap = "trap 'echo got TERM; exit 9' TERM; echo up; while :; do sleep 0.05; done";

test("signals to run are passed on to the task", async () => {
  await using taskio = new TestRuntime();
  const run = taskio.spawn(["run", "--rm", "--", "sh", "-c", trap]);
  const reader = run.stdout.getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toBe("up\n");
  run.kill("SIGTERM");
  expect(await read()).toBe("got TERM\n");
  expect(await run.exited).toBe(9);
});

test("attach passes signals on, but not with --sig-proxy=false", async () => {
  await using taskio = new TestRuntime();
  const ticking = `${trap.replace("sleep", "echo tick; sleep")}`;
  await taskio.ok("run", "-d", "--io", "fifo", "--name", "one", "--", "sh", "-c", ticking);
  const without = taskio.spawn(["attach", "--sig-proxy=false", "one"]);
  await ticks(without.stdout.getReader());
  without.kill("SIGTERM");
  await without.exited;
  expect(without.signalCode).toBe("SIGTERM");
  expect((await taskio.list())[0]!.state).toBe("running");
  const attached = taskio.spawn(["attach", "one"]);
  const reader = attached.stdout.getReader();
  await ticks(reader);
  attached.kill("SIGTERM");
  expect(await ticks(reader, Infinity)).toEndWith("got TERM\n");
  expect(await attached.exited).toBe(9);
});

/** Reads so many chunks, or to the end. */
async function ticks(reader: { read(): Promise<{ value?: Uint8Array; done: boolean }> }, most = 5) {
  let text = "";
  for (let count = 0; count < most; count++) {
    const { value, done } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  return text;
}

test("kill sends KILL, or what is asked for", async () => {
  await using taskio = new TestRuntime();
  for (const [args, code] of [
    [[], 137],
    [["-s", "TERM"], 143],
    [["--signal", "sigint"], 130],
    [["-s", "1"], 129],
  ] as const) {
    await taskio.ok("run", "-d", "--name", "one", "--", "sh", "-c", "exec sleep 600");
    expect(await taskio.ok("kill", ...args, "one")).toBe("one\n");
    expect(await taskio.ok("wait", "one")).toBe(`${code}\n`);
    await taskio.ok("rm", "one");
  }
});

test("wait waits, rm refuses what runs and takes it with -f", async () => {
  await using taskio = new TestRuntime();
  const gate = join(taskio.dir, "gate");
  const script = `while [ ! -e '${gate}' ]; do sleep 0.05; done; exit 5`;
  await taskio.ok("run", "-d", "--name", "one", "--", "sh", "-c", script);
  const waiting = taskio.run(["wait", "one"]);
  const refused = await taskio.run(["rm", "one"]);
  writeFileSync(gate, "");
  expect(refused).toMatchObject({ exitCode: 125, stdout: "" });
  expect(refused.stderr).toMatch(/^taskio: the task "one" is running: .*"taskio rm -f one"\n$/);
  expect(await waiting).toEqual({ exitCode: 0, stdout: "5\n", stderr: "" });
  expect((await taskio.run(["kill", "one"])).stderr).toBe(
    'taskio: the task "one" is not running\n',
  );
  await taskio.ok("rm", "one");
  await taskio.ok("run", "-d", "--name", "two", "--", "sleep", "600");
  const pid = (await taskio.list())[0]!.pid!;
  expect(await taskio.ok("rm", "-f", "two")).toBe("two\n");
  expect(
    await Bun.file(`/proc/${pid}/cmdline`)
      .text()
      .catch(() => ""),
  ).toBe("");
});
