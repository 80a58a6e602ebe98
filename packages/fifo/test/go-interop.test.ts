import {
  type Config,
  type IO,
  newFIFOSet,
  type Sink,
  type Source,
  TaskIOError,
  withFIFODir,
  withStreams,
  withTerminal,
} from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { type FIFO, newAttach, newCreator, newFIFOSetInDir, openFifo } from "../src/index.ts";
import { pipe } from "../src/pipe.ts";
import { buildGoPeer, type Count, GoPeer } from "./go-fifo/go-peer.ts";
import { isReadable } from "./support/is-readable.ts";
import { withoutLeaks } from "./support/leaks.ts";
import { random } from "./support/random.ts";

// FIFOs between this package and Go's github.com/containerd/fifo and containerd/v2/pkg/cio: whoever
// makes them, whoever opens first, whoever leaves first.

const asked = process.env.TASKIO_TEST_GO === "1";
const runs = asked && Bun.which("go") !== null;
const why = asked ? "(skipped: go is not on the PATH)" : "(skipped without TASKIO_TEST_GO=1)";
const title = "with Go's fifo and cio";

const size = 8 << 20;
const data = randomBytes(size);
const all = ["stdin", "stdout", "stderr"] as const;
/** What Go's cio reads at once. */
const goBuffer = 32 << 10;
/** What both outputs of a task are here. */
const bothOutputs = { stdout: count(data), stderr: count(data.subarray(size / 2)) };

const folder = tempFolder();
const program = folder.file("go-fifo");
const dataFile = folder.file("data");

afterAll(() => folder[Symbol.dispose]());

describe.skipIf(!runs)(runs ? title : `${title} ${why}`, () => {
  beforeAll(async () => {
    if (!runs) return;
    writeFileSync(dataFile, data);
    await buildGoPeer(program);
  }, 600_000); // the first build downloads containerd's module

  describe("outputs that Go's fifo.OpenFifo writes", () => {
    const ways: Record<string, string[][]> = {
      O_WRONLY: [["O_WRONLY"]],
      "O_WRONLY | O_NONBLOCK": [["O_WRONLY", "O_NONBLOCK"]],
      O_RDWR: [["O_RDWR"]],
      "O_WRONLY, then O_RDONLY, as the shim does": [["O_WRONLY"], ["O_RDONLY"]],
    };

    const open = async (go: GoPeer, config: Config, way: string) => {
      const ends = (["stdout", "stderr"] as const).map(async (name) => {
        for (const [i, flags] of ways[way]!.entries()) {
          await go.open(`${name} ${i}`, config[name], ...flags);
        }
      });
      await Promise.all(ends);
    };

    const write = async (go: GoPeer, way: string) => {
      await Promise.all([go.write("stdout 0", 0, size), go.write("stderr 0", size / 2, size)]);
      for (const i of ways[way]!.keys()) await go.close(`stdout ${i}`, `stderr ${i}`);
    };

    test.each(Object.keys(ways))("our reader first, %s", (way) =>
      withGo(async (go, dir) => {
        const stdout = collect();
        using stderr = fileSink();
        const create = newCreator(withStreams(undefined, stdout.sink, stderr.fd), withFIFODir(dir));
        await using io = await create("t");
        await open(go, io.config, way);
        await write(go, way);
        await expectOutputs(io, stdout, stderr);
      }),
    );

    test.each(Object.keys(ways))("Go's writer first, %s", (way) =>
      withGo(async (go, dir) => {
        const stdout = collect();
        using stderr = fileSink();
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const opening = open(go, fifos.config, way);
        if (way === "O_RDWR") await opening;
        else await go.untilOpening(2);
        await using io = await newAttach(withStreams(undefined, stdout.sink, stderr.fd))(fifos);
        await opening;
        await write(go, way);
        await expectOutputs(io, stdout, stderr);
      }),
    );
  });

  describe("a stdin that Go's fifo.OpenFifo reads", () => {
    const ways: Record<string, (go: GoPeer, config: Config) => Promise<unknown>> = {
      O_RDONLY: (go, { stdin }) => go.open("stdin", stdin, "O_RDONLY"),
      "O_RDONLY | O_NONBLOCK": (go, { stdin }) => go.open("stdin", stdin, "O_RDONLY", "O_NONBLOCK"),
      O_RDWR: (go, { stdin }) => go.open("stdin", stdin, "O_RDWR"),
      "with a writer that is held, as the shim does": openStdinAsShim,
    };
    const sources: Record<string, () => { source: Source; free(): void }> = {
      "an iterable": () => ({ source: chunks(data), free() {} }),
      "a file"() {
        const fd = openSync(dataFile, "r");
        return { source: fd, free: () => closeSync(fd) };
      },
    };
    const cases = Object.keys(ways).flatMap((way) =>
      Object.keys(sources).map((source) => [way, source] as const),
    );

    const expectStdin = async (go: GoPeer, io: IO, way: string) => {
      const reading = go.read("stdin", way === "O_RDWR" ? size : undefined); // sees no EOF itself
      expect(await io.stdinDone).toEqual(ended(size));
      if (ways[way] === openStdinAsShim) await go.close("hold");
      expect(await reading).toEqual(count(data));
    };

    test.each(cases)("our writer first, %s, from %s", (way, kind) =>
      withGo(async (go, dir) => {
        const { source, free } = sources[kind]!();
        await using io = await newCreator(withStreams(source), withFIFODir(dir))("t");
        await Bun.sleep(20); // a writer waits by trying now and then
        await ways[way]!(go, io.config);
        await expectStdin(go, io, way);
        free();
      }),
    );

    test.each(cases)("Go's reader first, %s, from %s", (way, kind) =>
      withGo(async (go, dir) => {
        const { source, free } = sources[kind]!();
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const opening = ways[way]!(go, fifos.config);
        if (way.startsWith("O_RDONLY")) await go.untilOpening();
        else await opening;
        await using io = await newAttach(withStreams(source))(fifos);
        await opening;
        await expectStdin(go, io, way);
        free();
      }),
    );
  });

  describe("all streams of a task", () => {
    test("that Go's cio.NewCreator made and copies, with our openFifo as the task", () =>
      withGo(async (go, dir) => {
        const config = await go.newCreator(dir, "go", false, { streams: all, from: 0, to: size });
        for (const nonblock of [true, false]) {
          const client = nonblock ? "go" : "go again";
          if (!nonblock) await go.newAttach(client, config, { streams: all, from: 0, to: size });
          const [stdin, stdout, stderr] = await Promise.all([
            openFifo(config.stdin, { read: true, nonblock }),
            openFifo(config.stdout, { write: true, nonblock }),
            openFifo(config.stderr, { write: true, nonblock }),
          ]);
          await playTask(stdin, stdout, stderr);
          expect(await go.wait(client)).toMatchObject(bothOutputs);
        }
        await go.close("go");
      }));

    test("that we made, which our openFifo waits for until Go's cio.NewAttach comes", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const { config } = fifos;
        for (const nonblock of [true, false]) {
          const opening = Promise.all([
            openFifo(config.stdin, { read: true, nonblock }),
            openFifo(config.stdout, { write: true, nonblock }),
            openFifo(config.stderr, { write: true, nonblock }),
          ]);
          const playing = opening.then((ends) => playTask(...ends));
          await Bun.sleep(20);
          await go.newAttach("t", config, { streams: all, from: 0, to: size });
          await playing;
          expect(await go.wait("t")).toMatchObject(bothOutputs);
          await go.close("t");
        }
        expect(readdirSync(dirname(config.stdin))).toHaveLength(3);
      }));

    test("that we made and copy, with Go as the shim", () =>
      withGo(async (go, dir) => {
        const stdout = collect();
        const stderr = collect();
        const streams = withStreams(chunks(data), stdout.sink, stderr.sink);
        await using io = await newCreator(streams, withFIFODir(dir))("t");
        await openAsShim(go, io.config);
        const reading = go.read("stdin");
        await Promise.all([go.write("stdout", 0, size), go.write("stderr", size / 2, size)]);
        expect(await io.stdinDone).toEqual(ended(size));
        await go.close("hold");
        expect(await reading).toEqual(count(data));
        await go.close("stdout", "stdout hold", "stderr", "stderr hold");
        await expectOutputs(io, stdout, stderr);
      }));

    test("of a set of Go's cio.NewFIFOSetInDir, which we attach to and leave to Go", () =>
      withGo(async (go, dir) => {
        const config = await go.newFIFOSetInDir(dir, "t", false);
        for (const path of [config.stdin, config.stdout, config.stderr]) {
          await go.open(path, path, "O_RDWR", "O_CREAT");
        }
        const stdout = collect();
        using stderr = fileSink();
        const attach = newAttach(withStreams(chunks(data), stdout.sink, stderr.fd));
        await using io = await attach(newFIFOSet(config));
        const written = [
          go.write(config.stdout, 0, size),
          go.write(config.stderr, size / 2, size),
          go.read(config.stdin, size),
        ] as const;
        expect((await Promise.all(written))[2]).toEqual(count(data));
        expect(await io.stdinDone).toEqual(ended(size));
        await go.close(config.stdin, config.stdout, config.stderr);
        await expectOutputs(io, stdout, stderr);
        await io.close();
        expect(readdirSync(dirname(config.stdin))).toHaveLength(3);
        await go.close("t");
      }));

    test("look the same whoever makes them", () =>
      withGo(async (go, dir) => {
        const none = () => {};
        const create = newCreator(withStreams(data, none, none), withFIFODir(dir));
        await using io = await create("task-1");
        const theirs = await go.newCreator(dir, "task-1", false, { streams: all });
        const look = ({ terminal, ...paths }: Config) => ({
          terminal,
          folder: statSync(dirname(paths.stdout)).mode,
          files: Object.values(paths).map((path) => [basename(path), statSync(path).mode]),
        });
        expect(look(io.config)).toEqual(look(theirs));
        expect(dirname(dirname(io.config.stdin))).toBe(dirname(dirname(theirs.stdin)));
        await go.cancel("task-1");
        await go.close("task-1");
      }));
  });

  describe("a task's output, handed over in the middle", () => {
    /** Ours took the beginning, while Go wrote the first part of what is written. */
    const expectGoHasRest = async (
      go: GoPeer,
      config: Config,
      ours: Uint8Array,
      early: Promise<void>,
    ) => {
      const writing = early.then(() => go.write("stdout", size / 8, size));
      await go.newAttach("go", config, { streams: ["stdout"] });
      await writing;
      await go.close("stdout", "stdout hold");
      expectSame(ours, data.subarray(0, ours.length));
      expect((await go.wait("go")).stdout).toEqual(count(data.subarray(ours.length)));
    };

    const sinks: Record<string, () => OpenSink> = {
      "a function": () => collect(),
      "a function that is slow": () => collect(() => Bun.sleep(1)),
      "a pipe": () => pipeSink(),
      "a file": () => fileSink(),
    };

    test.each(Object.entries(sinks))("from %s of ours to Go's cio", (_, openSink) =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        using first = openSink();
        const io = await newAttach(withStreams(undefined, first.sink))(fifos);
        await openAsShim(go, fifos.config, "stdout");
        const early = go.writeSlowly("stdout", 0, size / 8);
        await until(() => first.read().length > 100_000);
        const { stdout } = await io.detach();
        const ours = first.read();
        expect(stdout).toEqual({ ...ended(ours.length), end: "stopped" });
        await expectGoHasRest(go, fifos.config, ours, early);
      }),
    );

    test("from a client of ours that was killed -9 to Go's cio", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        using file = fileSink();
        const command = ["bun", `${import.meta.dir}/support/attached-client.ts`, file.path];
        const env = { ...process.env, CONFIG: JSON.stringify(fifos.config) };
        await using client = Bun.spawn(command, { env, stdout: "ignore" });
        await openAsShim(go, fifos.config, "stdout");
        const early = go.writeSlowly("stdout", 0, size / 8);
        await until(() => file.read().length > 100_000);
        client.kill("SIGKILL");
        await client.exited;
        await expectGoHasRest(go, fifos.config, file.read(), early);
      }));

    // Go's copy gives its sink what it has read before it stops, so nothing was ever seen to be missing.
    // Asserted is what is ours: all that comes after Go's last read, of a buffer at most.
    test("from Go's cio, cancelled, to ours", () =>
      withGo(async (go, dir) => {
        const config = await go.newCreator(dir, "go", false, { streams: ["stdout"], slow: true });
        await openAsShim(go, config, "stdout");
        const writing = go.write("stdout", 0, size);
        await until(async () => (await go.progress("go")).stdout.bytes > 1 << 20);
        await go.cancel("go");
        const theirs = (await go.wait("go")).stdout;
        expect(theirs).toEqual(count(data.subarray(0, theirs.bytes)));
        const ours = await readRest(go, config, writing);
        expectSame(ours, data.subarray(size - ours.length));
        const missing = size - ours.length - theirs.bytes;
        expect(missing).toBeGreaterThanOrEqual(0);
        expect(missing).toBeLessThanOrEqual(goBuffer);
        await go.close("go");
        expect(existsSync(config.stdout)).toBe(false);
      }));

    // It takes with it what it had read: a whole buffer was seen.
    test("from Go's cio, killed -9, to ours", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        await using client = new GoPeer(program, dataFile);
        await client.newAttach("go", fifos.config, { streams: ["stdout"], slow: true });
        await openAsShim(go, fifos.config, "stdout");
        const writing = go.write("stdout", 0, size);
        let theirs = 0;
        await until(async () => (theirs = (await client.progress("go")).stdout.bytes) > 1 << 20);
        await client[Symbol.asyncDispose]();
        const ours = await readRest(go, fifos.config, writing);
        expect(ours.length).toBeGreaterThan(0);
        expect(ours.length).toBeLessThanOrEqual(size - theirs);
        expectSame(ours, data.subarray(size - ours.length));
      }));

    test("by turns between ours and Go's fifo.OpenFifo, which takes no more than it is told", () =>
      withGo(async (go, dir) => {
        const rounds = 32;
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const set = newFIFOSet(fifos.config);
        const { stdout } = set.config;
        const next = random(3);
        const anyone = await openFifo(stdout, { read: true, write: true });
        await openAsShim(go, set.config, "stdout"); // waits for a reader
        await anyone.close();
        let writing = Promise.resolve();
        let at = 0;
        for (let i = 0; i < rounds; i++) {
          const from = (size / rounds) * i;
          const to = from + size / rounds;
          writing = writing.then(() => go.write("stdout", from, to));
          using into = Object.values(sinks)[i % 4]!();
          const io = await newAttach(withStreams(undefined, into.sink))(set);
          await Bun.sleep(next() * 4);
          const left = (await io.detach()).stdout;
          const ours = into.read();
          expect(left).toEqual({ ...ended(ours.length), end: "stopped" });
          expectSame(ours, data.subarray(at, (at += ours.length)));
          if (at === to) continue;
          await go.open("turn", stdout, "O_RDONLY");
          const theirs = await go.read("turn", 1 + Math.floor(next() * (to - at)));
          await go.close("turn");
          expect(theirs).toEqual(count(data.subarray(at, (at += theirs.bytes))));
        }
        const rest = await readRest(go, set.config, writing);
        expectSame(rest, data.subarray(at));
      }));
  });

  describe("who closes first", () => {
    test("Go's writer with bytes left in the FIFO: ours gets them, and EOF", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const release = Promise.withResolvers<void>();
        const stdout = collect(() => release.promise);
        await using io = await newAttach(withStreams(undefined, stdout.sink))(fifos);
        await go.open("w", fifos.config.stdout, "O_WRONLY");
        await go.write("w", 0, 30_000); // writes of any size fill a FIFO's pages by half at least
        await go.close("w");
        release.resolve();
        expect((await io.wait()).stdout).toEqual(ended(30_000));
        expectSame(stdout.read(), data.subarray(0, 30_000));
      }));

    test("our writer with bytes left in the FIFO: Go gets them, and EOF", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const opening = go.open("r", fifos.config.stdout, "O_RDONLY");
        const writer = await openFifo(fifos.config.stdout, { write: true });
        await opening;
        await writer.write(data.subarray(0, 60_000));
        await writer.close();
        expect(await go.read("r")).toEqual(count(data.subarray(0, 60_000)));
      }));

    test("our reader: Go's writer gets EPIPE", () =>
      withGo(async (go, dir) => {
        for (const leave of ["cancel", "detach", "close"] as const) {
          await using fifos = await newFIFOSetInDir(dir, "t", false);
          const stdout = collect(() => Bun.sleep(1));
          const io = await newAttach(withStreams(undefined, stdout.sink))(newFIFOSet(fifos.config));
          await go.open(leave, fifos.config.stdout, "O_WRONLY");
          const writing = failure(go.write(leave, 0, size));
          await until(() => stdout.read().length > 200_000);
          await io[leave]();
          const left = (await io.wait()).stdout!;
          expect(await writing).toMatchObject({ errno: "EPIPE" });
          expect(left).toEqual({ ...ended(left.bytes), end: "stopped" });
          expectSame(stdout.read(), data.subarray(0, left.bytes));
        }
      }));

    test("our openFifo reader: Go's writer gets EPIPE", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const opening = go.open("w", fifos.config.stdout, "O_WRONLY");
        const reader = await openFifo(fifos.config.stdout, { read: true });
        await opening;
        const writing = failure(go.write("w", 0, size));
        const part = new Uint8Array(1 << 20);
        for (let at = 0; at < part.length;) at += await reader.read(part.subarray(at));
        await reader.close();
        expectSame(part, data.subarray(0, part.length));
        expect(await writing).toMatchObject({ errno: "EPIPE" });
      }));

    test("Go's reader: our stdin ends with PEER_GONE, from a stream and from an fd", () =>
      withGo(async (go, dir) => {
        const fd = openSync(dataFile, "r");
        for (const [name, source] of Object.entries({ stream: chunks(data), fd })) {
          await using io = await newCreator(withStreams(source), withFIFODir(dir))("t");
          await go.open(name, io.config.stdin, "O_RDONLY");
          expect(await go.read(name, 1 << 20)).toEqual(count(data.subarray(0, 1 << 20)));
          await go.close(name);
          const stdin = (await io.stdinDone)!;
          expect(stdin).toMatchObject({ end: "failed", error: { code: "PEER_GONE" } });
          expect(stdin.bytes).toBeGreaterThanOrEqual(1 << 20);
        }
        closeSync(fd);
      }));

    test("Go's reader: our openFifo writer gets PEER_GONE", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const opening = go.open("r", fifos.config.stdout, "O_RDONLY");
        await using writer = await openFifo(fifos.config.stdout, { write: true });
        await opening;
        const writing = failure(writer.write(data));
        expect(await go.read("r", 1 << 20)).toEqual(count(data.subarray(0, 1 << 20)));
        await go.close("r");
        expect(await writing).toBeInstanceOf(TaskIOError);
        expect(await writing).toMatchObject({ code: "PEER_GONE", errno: "EPIPE" });
      }));

    test("Go's cio in the middle: our openFifo writer gets PEER_GONE, its reader EOF", () =>
      withGo(async (go, dir) => {
        const how = { streams: all, from: 0, to: size, slow: true };
        const config = await go.newCreator(dir, "go", false, how);
        await using stdin = await openFifo(config.stdin, { read: true });
        await using stdout = await openFifo(config.stdout, { write: true });
        const writing = failure(stdout.write(data));
        const reading = readAll(stdin, 20);
        await until(async () => (await go.progress("go")).stdout.bytes > 200_000);
        await go.cancel("go");
        expect(await writing).toMatchObject({ code: "PEER_GONE" });
        const got = await reading;
        expectSame(got, data.subarray(0, got.length));
        const theirs = (await go.wait("go")).stdout;
        expect(theirs).toEqual(count(data.subarray(0, theirs.bytes)));
        await go.close("go");
      }));
  });

  describe("a wait of ours that is given up wakes nobody of Go's", () => {
    const waits = (opening: Promise<void>) =>
      Promise.race([opening.then(() => false), Bun.sleep(100).then(() => true)]);

    test("who waits to write", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const { stdin } = fifos.config;
        const opening = go.open("w", stdin, "O_WRONLY");
        await go.untilOpening();
        const io = await newAttach(withStreams(data))(newFIFOSet(fifos.config));
        const abort = new AbortController();
        const ours = failure(openFifo(stdin, { write: true, signal: abort.signal }));
        await Bun.sleep(20);
        io.cancel();
        abort.abort("no more");
        expect(await io.stdinDone).toMatchObject({ bytes: 0, end: "stopped" });
        expect(await ours).toBe("no more");
        expect(await waits(opening)).toBe(true);
        await go.open("r", stdin, "O_RDONLY");
        await opening;
        const reading = go.read("r");
        await go.write("w", 0, size);
        await go.close("w");
        expect(await reading).toEqual(count(data));
      }));

    test("who waits to read", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const { stdout } = fifos.config;
        const opening = go.open("r", stdout, "O_RDONLY");
        await go.untilOpening();
        const abort = new AbortController();
        const ours = failure(openFifo(stdout, { read: true, signal: abort.signal }));
        const io = await newAttach(withStreams(undefined, 1))(newFIFOSet(fifos.config));
        await Bun.sleep(20);
        io.cancel();
        abort.abort("no more");
        expect((await io.wait()).stdout).toMatchObject({ bytes: 0, end: "stopped" });
        expect(await ours).toBe("no more");
        expect(await waits(opening)).toBe(true);
        await go.open("w", stdout, "O_WRONLY");
        await opening;
        const reading = go.read("r");
        await go.write("w", 0, size);
        await go.close("w");
        expect(await reading).toEqual(count(data));
      }));
  });

  describe("our lock on the one reader", () => {
    test("does not keep Go's readers out: they get what ours has not taken", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", false);
        const taken = Promise.withResolvers<void>();
        const release = Promise.withResolvers<void>();
        const stdout = collect(() => (taken.resolve(), release.promise));
        await using io = await newAttach(withStreams(undefined, stdout.sink))(fifos);
        await openAsShim(go, fifos.config, "stdout");
        await go.write("stdout", 0, 1000);
        await taken.promise;
        const { length } = stdout.read();
        const second = failure(newAttach(withStreams(undefined, 1))(newFIFOSet(fifos.config)));
        expect(await second).toMatchObject({ code: "IN_USE" });
        await go.newAttach("go", fifos.config, { streams: ["stdout"] });
        await go.write("stdout", 1000, size);
        await until(async () => (await go.progress("go")).stdout.bytes === size - length);
        await go.close("stdout", "stdout hold");
        release.resolve();
        expect((await go.wait("go")).stdout).toEqual(count(data.subarray(length)));
        expect((await io.wait()).stdout).toEqual(ended(length));
        expectSame(stdout.read(), data.subarray(0, length));
      }));

    test("is not taken by Go's readers: ours attaches beside one", () =>
      withGo(async (go, dir) => {
        const config = await go.newCreator(dir, "go", false, { streams: ["stdout"] });
        await openAsShim(go, config, "stdout");
        const stdout = collect();
        await using io = await newAttach(withStreams(undefined, stdout.sink))(newFIFOSet(config));
        await go.write("stdout", 0, size);
        await go.close("stdout", "stdout hold");
        const ours = (await io.wait()).stdout!;
        const theirs = (await go.wait("go")).stdout;
        expect(ours.end).toBe("eof");
        expect(ours.bytes + theirs.bytes).toBe(size); // each byte went to one of them
        await go.close("go");
      }));
  });

  describe("a task with a terminal has no stderr", () => {
    test("in a set of ours that Go's cio copies", () =>
      withGo(async (go, dir) => {
        await using fifos = await newFIFOSetInDir(dir, "t", true);
        const { config } = fifos;
        await go.newAttach("go", config, { streams: all, from: 0, to: size });
        await using stdout = await openFifo(config.stdout, { write: true });
        await using stdin = await openFifo(config.stdin, { read: true });
        await Promise.all([writeAll(stdout, data), stdinOf(stdin)]);
        await stdout.close();
        expect(await go.wait("go")).toMatchObject({ stdout: count(data), stderr: { bytes: 0 } });
        expect(names(config)).toEqual(["t-stdin", "t-stdout"]);
      }));

    test("in one of our creator that Go opens as the shim", () =>
      withGo(async (go, dir) => {
        const stdout = collect();
        const streams = withStreams(chunks(data), stdout.sink, () => {});
        await using io = await newCreator(streams, withTerminal, withFIFODir(dir))("t");
        await openAsShim(go, io.config, "stdin", "stdout");
        const reading = go.read("stdin", size);
        await go.write("stdout", 0, size);
        expect(await reading).toEqual(count(data));
        await go.close("stdout", "stdout hold");
        expect(await io.wait()).toEqual({ stdin: ended(size), stdout: ended(size) });
        expectSame(stdout.read(), data);
        expect(names(io.config)).toEqual(["t-stdin", "t-stdout"]);
      }));

    test("in one of Go's, whose config names one all the same, that we attach to", () =>
      withGo(async (go, dir) => {
        const config = await go.newCreator(dir, "go", true, { streams: all, from: 0, to: 1000 });
        expect(config).toMatchObject({
          terminal: true,
          stderr: `${dirname(config.stdout)}/go-stderr`,
        });
        expect(names(config)).toEqual(["go-stdin", "go-stdout"]);
        await openAsShim(go, config, "stdin", "stdout");
        expect(await go.read("stdin", 1000)).toEqual(count(data.subarray(0, 1000)));
        await go.write("stdout", 0, 1000);
        await until(async () => (await go.progress("go")).stdout.bytes === 1000);
        await go.cancel("go");
        expect(await go.wait("go")).toMatchObject({ stdout: count(data.subarray(0, 1000)) });

        const stdout = collect();
        const streams = withStreams(chunks(data), stdout.sink, () => {});
        await using io = await newAttach(streams)(newFIFOSet(config));
        const reading = go.read("stdin", size);
        await go.write("stdout", 0, size);
        expect(await reading).toEqual(count(data));
        await go.close("stdout", "stdout hold");
        expect(await io.wait()).toEqual({ stdin: ended(size), stdout: ended(size) });
        expectSame(stdout.read(), data);
        expect(names(config)).toEqual(["go-stdin", "go-stdout"]);
        await go.close("go");
      }));
  });
});

function withGo(run: (go: GoPeer, dir: string) => Promise<void>): Promise<void> {
  return withoutLeaks(async (dir) => {
    await using go = new GoPeer(program, dataFile);
    await run(go, dir);
  });
}

/** Opens streams as the runc shim does (its process/io.go, process/init.go). */
async function openAsShim(
  go: GoPeer,
  config: Config,
  ...streams: (keyof Omit<Config, "terminal">)[]
): Promise<void> {
  for (const name of streams.length > 0 ? streams : all) {
    if (name === "stdin") {
      await openStdinAsShim(go, config);
      continue;
    }
    await go.open(name, config[name], "O_WRONLY");
    await go.open(`${name} hold`, config[name], "O_RDONLY");
  }
}

async function openStdinAsShim(go: GoPeer, { stdin }: Config): Promise<void> {
  await go.open("hold", stdin, "O_WRONLY", "O_NONBLOCK");
  await go.open("stdin", stdin, "O_RDONLY", "O_NONBLOCK");
}

/** Attaches to a stdout that the shim has open, and reads it to its end. */
async function readRest(go: GoPeer, config: Config, writing: Promise<void>): Promise<Uint8Array> {
  const stdout = collect();
  await using io = await newAttach(withStreams(undefined, stdout.sink))(newFIFOSet(config));
  await writing;
  await go.close("stdout", "stdout hold");
  const { bytes } = (await io.wait()).stdout!;
  const rest = stdout.read();
  expect(bytes).toBe(rest.length);
  return rest;
}

/** Writes both outputs, reads stdin, and closes all. */
async function playTask(stdin: FIFO, stdout: FIFO, stderr: FIFO): Promise<void> {
  await Promise.all([
    stdinOf(stdin),
    writeAll(stdout, data).then(() => stdout.close()),
    writeAll(stderr, data.subarray(size / 2)).then(() => stderr.close()),
  ]);
  await stdin.close();
}

async function stdinOf(fifo: FIFO): Promise<void> {
  expectSame(await readAll(fifo), data);
}

async function readAll(fifo: FIFO, pause = 0): Promise<Buffer> {
  const next = random(2);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const buffer = new Uint8Array(chunkSize(next));
    const length = await fifo.read(buffer);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(buffer.subarray(0, length));
    if (pause > 0) await Bun.sleep(pause);
  }
}

async function writeAll(fifo: FIFO, bytes: Uint8Array): Promise<void> {
  for await (const chunk of chunks(bytes)) await fifo.write(chunk);
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const next = random(1);
  for (let at = 0; at < bytes.length;) yield bytes.subarray(at, (at += chunkSize(next)));
}

/** A random size of up to 128 KiB, small ones as often as large ones. */
function chunkSize(next: () => number): number {
  return 1 + Math.floor(2 ** (next() * 17));
}

interface OpenSink extends Disposable {
  readonly sink: Sink;
  /** What it got. */
  read(): Uint8Array;
}

function collect(pause: () => void | Promise<void> = () => {}): OpenSink {
  const pieces: Uint8Array[] = [];
  return {
    sink: (chunk) => (pieces.push(chunk), pause()),
    read: () => Buffer.concat(pieces),
    [Symbol.dispose]() {},
  };
}

let files = 0;

function fileSink(): OpenSink & { readonly fd: number; readonly path: string } {
  const path = folder.file(`sink-${files++}`);
  const fd = openSync(path, "w");
  return {
    fd,
    path,
    sink: fd,
    read: () => readFileSync(path),
    [Symbol.dispose]: () => closeSync(fd),
  };
}

function pipeSink(): OpenSink {
  const [readEnd, writeEnd] = pipe();
  const pieces: Uint8Array[] = [];
  return {
    sink: writeEnd,
    read() {
      while (isReadable(readEnd)) {
        const buffer = new Uint8Array(1 << 20);
        pieces.push(buffer.subarray(0, readSync(readEnd, buffer)));
      }
      return Buffer.concat(pieces);
    },
    [Symbol.dispose]() {
      closeSync(readEnd);
      closeSync(writeEnd);
    },
  };
}

function ended(bytes: number) {
  return { bytes, discarded: 0, unacknowledged: 0, end: "eof" } as const;
}

function count(bytes: Uint8Array): Count {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function expectSame(seen: Uint8Array, expected: Uint8Array): void {
  expect(count(seen)).toEqual(count(expected));
}

/** Both outputs of a task have ended, and their sinks have them. */
async function expectOutputs(io: IO, stdout: OpenSink, stderr: OpenSink): Promise<void> {
  const result = await io.wait();
  expect(result.stdout).toEqual(ended(size));
  expect(result.stderr).toEqual(ended(size / 2));
  expectSame(stdout.read(), data);
  expectSame(stderr.read(), data.subarray(size / 2));
}

function names({ stdout }: Config): string[] {
  return readdirSync(dirname(stdout)).sort();
}

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error) => error,
  );
}

/** Waits until something holds, for 30 seconds at most. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = performance.now() + 30_000; performance.now() < limit;) {
    if (await holds()) return;
    await Bun.sleep(2);
  }
  throw new Error("what was waited for did not come");
}
