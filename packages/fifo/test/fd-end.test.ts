import { type Sink, withFIFODir, withStreams } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { newCreator } from "../src/index.ts";
import { libc, linux } from "../src/libc.ts";
import { pipe } from "../src/pipe.ts";
import { isReadable } from "./support/is-readable.ts";
import { withoutLeaks } from "./support/leaks.ts";
import { openPty } from "./support/pty.ts";
import { socketPair } from "./support/socket-pair.ts";

// Fds that callers give: each kind moves every byte, and comes back as it was.

const lines = 200_000;

interface Fd {
  /** What the caller gives. */
  readonly fd: number;
  /** Where the test is at the other end of it; undefined for files. */
  readonly other?: number;
  free(): void;
}

function ends([fd, other]: readonly [number, number]): Fd {
  return { fd, other, free: () => [fd, other].forEach((end) => closeSync(end)) };
}

async function readToEnd(fd: number, until: () => boolean): Promise<CountedOutput> {
  const output = new CountedOutput();
  const buffer = new Uint8Array(100_000);
  for (;;) {
    const over = until();
    while (isReadable(fd)) {
      const size = readSync(fd, buffer);
      if (size === 0) return output;
      output.push(buffer.subarray(0, size));
    }
    if (over) return output;
    await Bun.sleep(1);
  }
}

describe("as a sink", () => {
  const readable: Record<string, () => Fd | Promise<Fd>> = {
    "a pipe": () => ends(pipe().reverse() as [number, number]),
    "a socket": () => ends(socketPair()),
    "a raw terminal": async () => {
      const pty = await openPty({ raw: true });
      return { fd: pty.slave, other: pty.master, free: () => pty[Symbol.dispose]() };
    },
  };

  test.each(Object.entries(readable))(
    "%s gets everything, and keeps its blocking mode",
    (_, make) =>
      withoutLeaks(async (dir) => {
        const { fd, other, free } = await make();
        const flags = libc().fcntl(fd, linux.F_GETFL, 0);
        await using io = await newCreator(withStreams(undefined, fd), withFIFODir(dir))("t");
        await using task = spawnTask(io.config, countingCommand(lines));
        let over = false;
        const waited = io.wait().then((result) => ((over = true), result));
        const output = await readToEnd(other!, () => over);
        const { stdout } = await waited;
        output.end(lines);
        expect(stdout).toEqual({
          bytes: output.bytes,
          discarded: 0,
          unacknowledged: 0,
          end: "eof",
        });
        expect(libc().fcntl(fd, linux.F_GETFL, 0)).toBe(flags);
        expect(fstatSync(fd)).toBeDefined();
        await task.exited;
        free();
      }),
  );

  test.each(["w", "a", "r+"])('a file opened with "%s"', (flags) =>
    withoutLeaks(async (dir) => {
      using folder = tempFolder();
      const path = folder.file("out");
      writeFileSync(path, flags === "a" ? "before\n" : "");
      const fd = openSync(path, flags);
      await using io = await newCreator(withStreams(undefined, fd), withFIFODir(dir))("t");
      await using task = spawnTask(io.config, countingCommand(lines));
      const { stdout } = await io.wait();
      closeSync(fd);
      const text = readFileSync(path);
      const output = new CountedOutput();
      output.push(flags === "a" ? text.subarray(7) : text);
      output.end(lines);
      expect(stdout!.bytes).toBe(output.bytes);
      await task.exited;
    }),
  );

  test("one file for stdout and stderr gets both whole", () =>
    withoutLeaks(async (dir) => {
      using folder = tempFolder();
      const fd = openSync(folder.file("both"), "a");
      await using io = await newCreator(withStreams(undefined, fd, { fd }), withFIFODir(dir))("t");
      await using task = spawnTask(io.config, [
        "sh",
        "-c",
        "seq 1 50000; seq 1 50000 | tr 0-9 a-j >&2",
      ]);
      await io.wait();
      closeSync(fd);
      const text = readFileSync(folder.file("both"), "latin1");
      const numbers = new CountedOutput();
      numbers.push(Buffer.from(text.replace(/[a-j]+\n/g, "")));
      numbers.end(50_000);
      expect(text.match(/[a-j]+\n/g)).toHaveLength(50_000);
      await task.exited;
    }));

  test("/dev/null", () =>
    withoutLeaks(async (dir) => {
      for (const flags of ["w", "a"]) {
        const fd = openSync("/dev/null", flags);
        await using io = await newCreator(withStreams(undefined, fd), withFIFODir(dir))("t");
        await using task = spawnTask(io.config, ["head", "-c", "3000000", "/dev/zero"]);
        expect((await io.wait()).stdout).toMatchObject({ bytes: 3_000_000, end: "eof" });
        closeSync(fd);
        await task.exited;
      }
    }));

  test("an fd that is closed during the copy goes on: ours is another", () =>
    withoutLeaks(async (dir) => {
      using folder = tempFolder();
      const fd = openSync(folder.file("out"), "w");
      await using io = await newCreator(withStreams(undefined, fd), withFIFODir(dir))("t");
      closeSync(fd);
      await using task = spawnTask(io.config, ["echo", "hello"]);
      await io.wait();
      expect(readFileSync(folder.file("out"), "utf8")).toBe("hello\n");
      await task.exited;
    }));
});

describe("as a source", () => {
  const text = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i + 1}\n`).join(""));

  async function expectDelivered(dir: string, source: number, whileRunning = async () => {}) {
    const output = new CountedOutput();
    const sink: Sink = (chunk) => output.push(chunk);
    await using io = await newCreator(withStreams(source, sink), withFIFODir(dir))("t");
    await using task = spawnTask(io.config, ["cat"]);
    await whileRunning();
    expect(await io.stdinDone).toEqual({
      bytes: text.length,
      discarded: 0,
      unacknowledged: 0,
      end: "eof",
    });
    task.closeIO();
    await io.wait();
    output.end(60_000);
    await task.exited;
  }

  /** By another process: a blocking write here would keep the output from being read. */
  async function writeAll(fd: number): Promise<void> {
    using folder = tempFolder();
    writeFileSync(folder.file("text"), text);
    expect(await Bun.spawn(["cat", folder.file("text")], { stdout: fd }).exited).toBe(0);
  }

  test("a file, from where it stands", () =>
    withoutLeaks(async (dir) => {
      using folder = tempFolder();
      writeFileSync(folder.file("in"), Buffer.concat([Buffer.from("skip"), text]));
      const fd = openSync(folder.file("in"), "r");
      readSync(fd, new Uint8Array(4));
      await expectDelivered(dir, fd);
      closeSync(fd);
    }));

  test.each([
    ["a pipe", pipe],
    ["a socket", () => socketPair()],
  ])("%s, until its writer closes", (_, make) =>
    withoutLeaks(async (dir) => {
      const [readEnd, writeEnd] = make();
      await expectDelivered(dir, readEnd, async () => {
        await writeAll(writeEnd);
        closeSync(writeEnd);
      });
      closeSync(readEnd);
    }),
  );

  test("a terminal, until ^D", () =>
    withoutLeaks(async (dir) => {
      using pty = await openPty({ raw: false });
      await expectDelivered(dir, pty.slave, async () => {
        for (let at = 0; at < text.length; await Bun.sleep(0)) {
          at += write(pty.master, text.subarray(at, at + 1000));
        }
        while (write(pty.master, Buffer.from("\x04")) === 0) await Bun.sleep(1);
      });
    }));

  test("/dev/null and an empty file end at once", () =>
    withoutLeaks(async (dir) => {
      using folder = tempFolder();
      writeFileSync(folder.file("empty"), "");
      for (const path of ["/dev/null", folder.file("empty")]) {
        const fd = openSync(path, "r");
        await using io = await newCreator(
          withStreams(fd, () => {}),
          withFIFODir(dir),
        )("t");
        await using task = spawnTask(io.config, ["cat"]);
        expect(await io.stdinDone).toMatchObject({ bytes: 0, end: "eof" });
        task.closeIO();
        expect(await task.exited).toBe(0);
        closeSync(fd);
      }
    }));

  test("a task that closes its stdin ends the copy with PEER_GONE", () =>
    withoutLeaks(async (dir) => {
      const zero = openSync("/dev/zero", "r");
      for (const source of [zero, endless()]) {
        await using io = await newCreator(
          withStreams(source, () => {}),
          withFIFODir(dir),
        )("t");
        await using task = spawnTask(io.config, ["head", "-c", "100000"]);
        const stdin = await io.stdinDone;
        expect(stdin).toMatchObject({
          end: "failed",
          error: { code: "PEER_GONE", errno: "EPIPE" },
        });
        expect(stdin!.bytes).toBeGreaterThanOrEqual(100_000);
        expect((await io.wait()).stdout!.bytes).toBe(100_000);
        await task.exited;
      }
      closeSync(zero);
    }));
});

describe("a pty master, which opened anew would be another terminal", () => {
  test("as a sink reaches its own slave", () =>
    withoutLeaks(async (dir) => {
      using pty = await openPty({ raw: true });
      await using io = await newCreator(withStreams(undefined, pty.master), withFIFODir(dir))("t");
      await using task = spawnTask(io.config, ["echo", "hello"]);
      expect((await io.wait()).stdout).toMatchObject({ bytes: 6, end: "eof" });
      const buffer = new Uint8Array(64);
      expect(Buffer.from(buffer.subarray(0, readSync(pty.slave, buffer))).toString()).toBe(
        "hello\n",
      );
      await task.exited;
    }));

  test("as a source gives what its own slave writes", () =>
    withoutLeaks(async (dir) => {
      using pty = await openPty({ raw: true });
      let text = "";
      const sink = (chunk: Uint8Array) => void (text += new TextDecoder().decode(chunk));
      await using io = await newCreator(withStreams(pty.master, sink), withFIFODir(dir))("t");
      await using task = spawnTask(io.config, ["head", "-c", "6"]);
      writeSync(pty.slave, "typed\n");
      await io.wait();
      expect(text).toBe("typed\n");
      await task.exited;
    }));

  test("in blocking mode is refused", () =>
    withoutLeaks(async (dir) => {
      const fd = openSync("/dev/ptmx", constants.O_RDWR | constants.O_NOCTTY);
      const create = newCreator(withStreams(undefined, fd), withFIFODir(dir));
      await expect(create("t")).rejects.toThrow("blocking pty master");
      closeSync(fd);
    }));
});

describe("refused before anything is made", () => {
  test("a socket of packets as a source", () =>
    withoutLeaks(async (dir) => {
      const fds = socketPair("packets");
      const create = newCreator(
        withStreams(fds[0], () => {}),
        withFIFODir(dir),
      );
      await expect(create("t")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      for (const fd of fds) closeSync(fd);
    }));

  const cases: [string, () => { fd: number; free(): void }, string][] = [
    ["a closed fd", () => ({ fd: 9999, free() {} }), "is not open"],
    [
      "a read-only fd as a sink",
      () => open("/dev/null", constants.O_RDONLY),
      "is not open for writing",
    ],
    ["a folder", () => open("/", constants.O_RDONLY), "is not open for writing"],
    ["a path-only fd", () => open("/dev/null", linux.O_PATH), "is not open for writing"],
  ];

  test.each(cases)("%s", (_, make, message) =>
    withoutLeaks(async (dir) => {
      const { fd, free } = make();
      const create = newCreator(
        withStreams(undefined, () => {}, fd),
        withFIFODir(dir),
      );
      await expect(create("t")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      await expect(create("t")).rejects.toThrow(`fd ${fd} given for stderr ${message}`);
      free();
    }),
  );

  test("a write-only fd or a folder as a source", () =>
    withoutLeaks(async (dir) => {
      const writeOnly = open("/dev/null", constants.O_WRONLY);
      const folder = open("/", constants.O_RDONLY);
      for (const { fd, free } of [writeOnly, folder]) {
        const create = newCreator(
          withStreams(fd, () => {}),
          withFIFODir(dir),
        );
        await expect(create("t")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
        free();
      }
    }));

  test("a locked stream, or what is no stream at all", () =>
    withoutLeaks(async (dir) => {
      const locked = new WritableStream<Uint8Array>();
      const writer = locked.getWriter();
      for (const sink of [locked, "text", {}, null, -1, 1.5] as unknown as Sink[]) {
        const create = newCreator(withStreams(undefined, sink), withFIFODir(dir));
        await expect(create("t")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      }
      writer.releaseLock();
    }));
});

function open(path: string, flags: number): { fd: number; free(): void } {
  const fd = openSync(path, flags);
  return { fd, free: () => closeSync(fd) };
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(10_000);
}

/** Writes what fits; 0 when nothing does. */
function write(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
