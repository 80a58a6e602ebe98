import { type Config, TaskIOError } from "@taskio/core";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fs, { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CountedOutput,
  countingCommand,
  expectNoLeaks,
  snapshotResources,
} from "../../src/index.ts";
import { type Resources, spawnTask } from "../../src/index.ts";

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

describe("spawnTask", () => {
  let dir: string;
  let before: Resources;

  beforeEach(() => {
    Bun.spawnSync(["true"]); // what Bun makes for its first process is lasting
    dir = fs.mkdtempSync(join(tmpdir(), "testkit-"));
    before = snapshotResources();
  });

  afterEach(async () => {
    await expectNoLeaks(before);
    fs.rmSync(dir, { recursive: true });
  });

  function fifo(name: string): string {
    const path = join(dir, name);
    if (Bun.spawnSync(["mkfifo", path]).exitCode !== 0) throw new Error(`mkfifo ${path} failed`);
    return path;
  }

  function config(changes: Partial<Config>): Config {
    return { terminal: false, stdin: "", stdout: "/dev/null", stderr: "/dev/null", ...changes };
  }

  async function readToEnd(path: string, take: (chunk: Buffer) => void): Promise<void> {
    const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    for (const buffer = Buffer.alloc(65_536); ;) {
      try {
        const length = fs.readSync(fd, buffer);
        if (length === 0) break;
        take(buffer.subarray(0, length));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        await Bun.sleep(1);
      }
    }
    fs.closeSync(fd);
  }

  async function text(path: string): Promise<string> {
    const chunks: Buffer[] = [];
    await readToEnd(path, (chunk) => chunks.push(Buffer.from(chunk)));
    return Buffer.concat(chunks).toString();
  }

  test("gives the process the streams of the config, and readers EOF after its exit", async () => {
    const streams = config({ stdin: fifo("in"), stdout: fifo("out"), stderr: fifo("err") });
    await using task = spawnTask(streams, ["sh", "-c", "cat; echo $WHO $PWD >&2"], {
      env: { ...process.env, WHO: "me" },
      cwd: dir,
    });
    const output = Promise.all([text(streams.stdout), text(streams.stderr)]);
    fs.writeFileSync(streams.stdin, "hello");
    task.closeIO();
    expect(await output).toEqual(["hello", `me ${fs.realpathSync(dir)}\n`]);
    expect(await task.exited).toBe(0);
  });

  test("delivers counted output at full speed", async () => {
    const streams = config({ stdout: fifo("out") });
    await using task = spawnTask(streams, countingCommand(1_000_000));
    const output = new CountedOutput();
    await readToEnd(streams.stdout, (chunk) => output.push(chunk));
    output.end(1_000_000);
    expect(await task.exited).toBe(0);
  });

  test("a client that leaves gives the process neither EPIPE nor EOF, and loses nothing", async () => {
    const streams = config({ stdin: fifo("in"), stdout: fifo("out") });
    await using task = spawnTask(streams, ["sh", "-c", "echo 1; read a; echo $a; cat"]);
    const first = fs.openSync(streams.stdout, O_RDONLY | O_NONBLOCK);
    fs.closeSync(fs.openSync(streams.stdin, O_WRONLY | O_NONBLOCK));
    fs.closeSync(first);
    await Bun.sleep(50);
    fs.writeFileSync(streams.stdin, "2\n3\n");
    const output = text(streams.stdout);
    task.closeIO();
    expect(await output).toBe("1\n2\n3\n");
    expect(await task.exited).toBe(0);
  });

  test("hold keeps what a process wrote that has ended, until release", async () => {
    const streams = config({ stdout: fifo("out") });
    await using task = spawnTask(streams, ["echo", "last words"], { hold: true });
    expect(await task.exited).toBe(0);
    const output = text(streams.stdout);
    await Bun.sleep(20);
    task.release();
    task.release();
    expect(await output).toBe("last words\n");
  });

  test("exited is 128 + signal for a killed process", async () => {
    await using task = spawnTask(config({}), ["sleep", "60"]);
    task.kill();
    expect(await task.exited).toBe(143);
    await using killed = spawnTask(config({}), ["sh", "-c", "exit 3"]);
    expect(await killed.exited).toBe(3);
    killed.kill("SIGKILL"); // does nothing any more
  });

  test("dispose kills what the process started too", async () => {
    const streams = config({ stdout: fifo("out") });
    const task = spawnTask(streams, ["sh", "-c", "sleep 60 & echo $!; wait"]);
    const output = text(streams.stdout);
    await Bun.sleep(50);
    await task[Symbol.asyncDispose]();
    expect(await task.exited).toBe(137);
    const child = Number(await output); // EOF: the grandchild has closed its end
    expect(child).toBeGreaterThan(1);
  });

  test("a file URI is made, appended to, and takes stderr as well", async () => {
    const log = join(dir, "logs/a b.log");
    const uri = `file://${encodeURI(log)}`;
    for (const word of ["one", "two"]) {
      await using task = spawnTask(config({ stdout: uri, stderr: uri }), [
        "sh",
        "-c",
        `echo ${word}; echo ${word} >&2`,
      ]);
      await task.exited;
    }
    expect(fs.readFileSync(log, "utf8")).toBe("one\none\ntwo\ntwo\n");
  });

  test("a path that is no FIFO is appended to", async () => {
    const file = join(dir, "out.txt");
    fs.writeFileSync(file, "0\n");
    await using task = spawnTask(config({ stdout: file, stderr: file }), [
      "sh",
      "-c",
      "echo 1; echo 2 >&2",
    ]);
    await task.exited;
    expect(fs.readFileSync(file, "utf8")).toBe("0\n1\n2\n");
  });

  test("a terminal's stderr goes to stdout", async () => {
    const streams = config({ terminal: true, stdout: fifo("out"), stderr: "" });
    await using task = spawnTask(streams, ["sh", "-c", "echo 1; echo 2 >&2"]);
    expect(await text(streams.stdout)).toBe("1\n2\n");
    await task.exited;
  });

  test("a missing path, another scheme and a missing program leave nothing open", async () => {
    const out = fifo("out");
    const attempts: [Config, string[]][] = [
      [config({ stdout: out, stderr: join(dir, "missing") }), ["true"]],
      [config({ stdin: join(dir, "missing"), stdout: out }), ["true"]],
      [config({ stdout: "binary:///bin/logger" }), ["true"]],
      [config({ stdin: fifo("in"), stdout: out }), ["/no/such/program"]],
    ];
    const codes = attempts.map(([streams, command]) => {
      try {
        spawnTask(streams, command);
      } catch (error) {
        return error instanceof TaskIOError ? error.code : (error as NodeJS.ErrnoException).code;
      }
      return "none";
    });
    expect(codes).toEqual(["NOT_FOUND", "NOT_FOUND", "INVALID_CONFIG", "ENOENT"]);
    await expectNoLeaks(before, { timeout: 0 });
  });
});
