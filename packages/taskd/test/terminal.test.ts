import { expect, test } from "bun:test";
import { Code } from "@connectrpc/connect";
import { chmodSync } from "node:fs";
import { codeOf } from "./support/code-of.ts";
import { lateReader } from "./support/late-reader.ts";
import { taskIO } from "./support/task-io.ts";
import { taskdWith } from "./support/taskd-with.ts";
import { TestRuntime } from "./support/test-runtime.ts";
import { tempFolder, until } from "@taskio/test-support";

test("a controlling terminal of the spec's size, resized before and after the start", async () => {
  await using runtime = await TestRuntime.start();
  const before = runtime.fds();
  const { folder, tasks } = runtime;
  const script =
    "trap 'stty size; exit 7' WINCH; stty size; tty >/dev/tty; echo $-; while :; do sleep 0.05; done";
  await using client = await taskIO(folder.path, "t1", { terminal: true });
  await runtime.task("t1", ["bash", "-c", script], client.io.config, {
    consoleSize: { width: 101, height: 33 },
  });
  await runtime.start("t1");
  await until(() => client.stdout().split("\n").length === 4, "it has started");
  expect(client.stdout()).toMatch(/^33 101\r\n\/dev\/pts\/\d+\r\n\w*\r\n$/);
  await tasks.resizePty({ containerId: "t1", width: 80, height: 24 });
  expect(await runtime.wait("t1")).toBe(7);
  await client.io.wait();
  expect(client.stdout()).toEndWith("24 80\r\n");
  await tasks.resizePty({ containerId: "t1", width: 1, height: 1 });
  await tasks.delete({ containerId: "t1" });
  await using second = await taskIO(folder.path, "t2", { terminal: true });
  await runtime.task("t2", ["stty", "size"], second.io.config);
  await tasks.resizePty({ containerId: "t2", width: 55, height: 11 });
  await runtime.start("t2");
  await second.io.wait();
  expect(second.stdout()).toBe("11 55\r\n");
  expect(await runtime.wait("t2")).toBe(0);
  await tasks.delete({ containerId: "t2" });
  await until(() => {
    const now = runtime.fds().filter((file) => !/eventpoll|pipe:|\/dev\/null/.test(file));
    return now.length <= before.length && !now.some((file) => file.includes("ptmx"));
  }, "its terminals are closed");
});

test("keys become input and signals; CloseIO ends nothing", async () => {
  await using runtime = await TestRuntime.start();
  const keys = new TransformStream<Uint8Array, Uint8Array>();
  const writer = keys.writable.getWriter();
  const type = (text: string) => writer.write(Buffer.from(text));
  await using client = await taskIO(runtime.folder.path, "t1", {
    stdin: keys.readable,
    terminal: true,
  });
  await runtime.task(
    "t1",
    ["sh", "-c", "stty -echo; echo ready; cat; sleep 100"],
    client.io.config,
  );
  await runtime.start("t1");
  await until(() => client.stdout().includes("ready"), "it is ready");
  await type("hello\r");
  await until(() => client.stdout().includes("hello\r\n"), "the line comes back");
  await runtime.tasks.closeIO({ containerId: "t1", stdin: true });
  await type("again\r");
  await until(() => client.stdout().includes("again\r\n"), "another line comes back");
  await type("\x03");
  expect(await runtime.wait("t1")).toBe(130);
  await client.io.detach();
});

test("long output arrives whole, and a long paste too", async () => {
  await using runtime = await TestRuntime.start();
  const pasted = `${"y".repeat(99)}\n`.repeat(3_000);
  const keys = new TransformStream<Uint8Array, Uint8Array>();
  await using client = await taskIO(runtime.folder.path, "t1", {
    stdin: keys.readable,
    terminal: true,
  });
  const script = `stty raw -echo; seq 1 20000; head -c ${pasted.length} | md5sum`;
  await runtime.task("t1", ["sh", "-c", script], client.io.config);
  await runtime.start("t1");
  await until(() => client.stdout().endsWith("\n20000\n"), "it echoes no more");
  await keys.writable.getWriter().write(Buffer.from(pasted));
  expect(await runtime.wait("t1")).toBe(0);
  await client.io.wait();
  const numbers = Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join("");
  const sum = new Bun.CryptoHasher("md5").update(pasted).digest("hex");
  expect(client.stdout()).toBe(`${numbers}${sum}  -\n`);
});

test("a terminal nobody looks at stops the program, and goes on when somebody does", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1", { terminal: true });
  const { stdout } = client.io.config;
  await client.io.detach();
  await runtime.task("t1", ["sh", "-c", "stty raw; seq 1 200000"], client.io.config);
  const rss = async () => (await Bun.$`ps -o rss= -p ${runtime.pid}`.text()).trim();
  await runtime.start("t1");
  await Bun.sleep(500);
  const early = Number(await rss());
  const [init] = (await runtime.tasks.list({})).tasks;
  expect(init!.exitedAt).toBeUndefined();
  const text = await Bun.file(stdout).text();
  expect(text).toBe(Array.from({ length: 200_000 }, (_, at) => `${at + 1}\n`).join(""));
  expect(Number(await rss()) - early).toBeLessThan(30_000);
  expect(await runtime.wait("t1")).toBe(0);
});

test("its environment is what was given, no more and no less", async () => {
  await using runtime = await TestRuntime.start();
  const cases = [
    ["PATH=/usr/bin:/bin"],
    ["PATH=/usr/bin:/bin", "a.b=1=2", "PWD=/elsewhere", "OLDPWD=/old", "SHLVL=7", "_=x", "é= ü\t"],
  ];
  for (const [at, env] of cases.entries()) {
    const id = `t${at}`;
    await using client = await taskIO(runtime.folder.path, id, { terminal: true });
    await runtime.task(id, ["env"], client.io.config, { env });
    await runtime.start(id);
    await client.io.wait();
    expect(client.stdout().split("\r\n").sort()).toEqual(["", ...env].sort());
  }
});

test("it is the command itself that has the terminal, and the pid that Start gives", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1", { terminal: true });
  const files = ["stat", "cmdline"].map((name) => `/proc/self/${name}`);
  await runtime.task("t1", ["cat", ...files], client.io.config);
  const pid = await runtime.start("t1");
  await client.io.wait();
  const [stat, cmdline] = client.stdout().split("\r\n");
  const [name, , , group, session, tty, foreground] = stat!.split(" ").slice(1);
  expect([name, group, session, foreground]).toEqual(["(cat)", ...Array(3).fill(String(pid))]);
  expect(Number(tty)).toBeGreaterThan(0);
  expect(stat).toStartWith(`${pid} `);
  expect(cmdline).toBe(`${["cat", ...files].join("\0")}\0`);
});

test("a name stands for the first file that is found, also where that can't be run after all", async () => {
  using folder = tempFolder();
  const PATH = [folder.file("a"), folder.file("b"), "/usr/bin", "/bin"].join(":");
  const script = async (path: string, text: string) => {
    await Bun.write(path, text);
    chmodSync(path, 0o755);
  };
  await script(folder.file("a/which"), "#!/bin/sh\necho first\n");
  await script(folder.file("b/which"), "#!/bin/sh\necho second\n");
  await script(folder.file("a/broken"), "#!/no/such/interpreter\n");
  await script(folder.file("b/broken"), "#!/bin/sh\necho second\n");
  await using runtime = await TestRuntime.start();
  const outputOf = async (command: string, cwd: string, env: string) => {
    await using client = await taskIO(folder.path, command.replaceAll("/", "_"), {
      terminal: true,
    });
    const id = `${command.replaceAll("/", "_")}${cwd.length}`;
    await runtime.task(id, [command], client.io.config, { cwd, env: [env] });
    await runtime.start(id);
    const status = await runtime.wait(id);
    await client.io.wait();
    await runtime.remove(id);
    return { status, text: client.stdout() };
  };
  expect(await outputOf("which", "/", `PATH=${PATH}`)).toEqual({ status: 0, text: "first\r\n" });
  const broken = await outputOf("broken", "/", `PATH=${PATH}`);
  expect(broken.status).toBe(127);
  expect(broken.text).not.toContain("second");
  const second = { status: 0, text: "second\r\n" };
  expect(await outputOf("which", folder.path, "PATH=b:a:/usr/bin:/bin")).toEqual(second);
  expect(await outputOf("b/which", folder.path, `PATH=${PATH}`)).toEqual(second);
});

test("a kill of all reaches it before it has begun its session, too", async () => {
  using folder = tempFolder();
  const slow = folder.file("setsid");
  await Bun.write(slow, `#!/bin/sh\nsleep 0.5\nexec ${Bun.which("setsid")} "$@"\n`);
  chmodSync(slow, 0o755);
  await using runtime = await TestRuntime.start({ command: taskdWith({ PATH: folder.path }) });
  await using client = await taskIO(runtime.folder.path, "t1", { terminal: true });
  await runtime.task("t1", ["sleep", "100"], client.io.config);
  await runtime.start("t1");
  await runtime.tasks.kill({ containerId: "t1", signal: 9, all: true });
  expect(await runtime.wait("t1")).toBe(137);
  await client.io.wait();
});

test("a command that can't be run is told, and its output ends", async () => {
  await using runtime = await TestRuntime.start();
  const cases = [
    [["nosuch"], {}, 'exec: "nosuch": executable file not found in $PATH', 127],
    [["/tmp"], {}, 'exec: "/tmp": is a directory', 126],
    [["true"], { cwd: "/no/folder" }, 'chdir to cwd ("/no/folder")', 126],
  ] as const;
  for (const [at, [args, process, message, status]] of cases.entries()) {
    const id = `t${at}`;
    await using client = await taskIO(runtime.folder.path, id, { terminal: true });
    await runtime.task(id, [...args], client.io.config, process);
    const error = await runtime.start(id).catch((thrown) => thrown);
    expect(error.message).toContain(message);
    expect(await runtime.wait(id)).toBe(status);
    await client.io.wait();
    expect(client.stdout()).toBe("");
  }
});

test("without setsid there is no terminal, and it is said why", async () => {
  await using runtime = await TestRuntime.start({ command: taskdWith({ PATH: "/nowhere" }) });
  await using client = await taskIO(runtime.folder.path, "t1", { terminal: true });
  await runtime.task("t1", ["true"], client.io.config);
  const error = await runtime.start("t1").catch((thrown) => thrown);
  expect(error.message).toContain('a terminal needs the program "setsid"');
  expect(await runtime.wait("t1")).toBe(126);
  await client.io.wait();
});

/** A terminal task that has ended with more output than its FIFO holds, and with no reader. */
async function endedFull(runtime: TestRuntime, id: string): Promise<string> {
  await using client = await taskIO(runtime.folder.path, id, { terminal: true });
  const { stdout } = client.io.config;
  await client.io.detach();
  await runtime.task(id, ["sh", "-c", "stty raw; seq 200000"], client.io.config);
  await runtime.start(id);
  await Bun.sleep(500);
  await runtime.tasks.kill({ containerId: id, signal: 9 });
  await runtime.wait(id);
  return stdout;
}

test("its deletion waits for those who read, for nobody else", async () => {
  await using runtime = await TestRuntime.start();
  await endedFull(runtime, "t1");
  const start = performance.now();
  await runtime.tasks.delete({ containerId: "t1" });
  expect(performance.now() - start).toBeLessThan(1_500); // not the 2 s that a slow reader gets
  const reader = lateReader(await endedFull(runtime, "t2"));
  await runtime.tasks.delete({ containerId: "t2" });
  const text = await reader.text;
  const numbers = Array.from({ length: 200_000 }, (_, at) => `${at + 1}\n`).join("");
  expect(text.length).toBeGreaterThan(reader.waiting); // what was in the FIFO
  expect(numbers.startsWith(text)).toBe(true);
});

test("once it has ended, nothing is held but its output", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1", {
    stdin: new ReadableStream(),
    terminal: true,
  });
  const { stdout } = client.io.config;
  await client.io.detach();
  const held = () => runtime.fds().filter((file) => /ptmx|t1-std/.test(file));
  await runtime.task("t1", ["echo", "hi"], client.io.config);
  await runtime.start("t1");
  await runtime.wait("t1");
  await until(() => Bun.deepEquals(held(), [stdout]), "the rest is closed");
  await runtime.tasks.resizePty({ containerId: "t1", width: 1, height: 1 });
  expect(await Bun.file(stdout).text()).toBe("hi\r\n");
});

test("the request and the spec must agree", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "t1", { terminal: true });
  const call = runtime.task("t1", ["true"], client.io.config, { terminal: false });
  expect(await codeOf(call)).toBe(Code.InvalidArgument);
  await client.io.detach();
});
