import { newFIFOSet, type Sink, withStreams } from "@taskio/core";
import { until } from "@taskio/test-support";
import { spawnTask } from "@taskio/testkit";
import { expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { libc, linux } from "../src/libc.ts";
import { pipe } from "../src/pipe.ts";
import {
  DEFAULT_PIPE_SIZE,
  GROWN_PIPE_SIZE,
  GROWN_PIPES,
  MAX_GROWN,
} from "../src/reactor/layout.ts";
import { Reactor } from "../src/reactor/reactor.ts";
import { bytesWaiting } from "./support/bytes-waiting.ts";
import { withoutLeaks } from "./support/leaks.ts";

// Pipes are grown under load, so many at once, and given back when they are idle.

/** Longer than it takes until an idle one is seen. */
const idle = 4500;

/** A page that was read in part holds its place in a pipe. */
const page = 4096;

const written = 50_000_000;
const block = new Uint8Array(DEFAULT_PIPE_SIZE);
const sizeOf = (fd: number) => libc().fcntl(fd, linux.F_GETPIPE_SZ, 0);
const isGrown = (fd: number) => sizeOf(fd) === GROWN_PIPE_SIZE;
const counted = () => Atomics.load(Reactor.get().table.words, GROWN_PIPES);

/** An fd on a FIFO that neither waits for a peer nor ends anything. */
function watch(path: string): number {
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

test("an output is grown under load, and given back when it is idle", () =>
  withoutLeaks(async (dir) => {
    await using held = new AsyncDisposableStack();
    const devNull = openSync("/dev/null", "w");
    const watchers: number[] = [];
    for (const sink of [devNull, () => {}, new WritableStream<Uint8Array>()] satisfies Sink[]) {
      const fifos = held.use(await newFIFOSetInDir(dir, "t", false));
      const watcher = watch(fifos.config.stdout);
      watchers.push(watcher);
      held.defer(() => closeSync(watcher));
      const script = `head -c ${written} /dev/zero; sleep 60`;
      const task = held.use(spawnTask(fifos.config, ["sh", "-c", script]));
      held.defer(() => task.kill());
      const io = await newAttach(withStreams(undefined, sink))(newFIFOSet(fifos.config));
      held.defer(async () => expect((await io.detach()).stdout!.bytes).toBe(written));
      await until(() => isGrown(watcher));
      expect(counted()).toBe(watchers.filter(isGrown).length);
    }
    await until(() => watchers.every((watcher) => sizeOf(watcher) === DEFAULT_PIPE_SIZE));
    expect(counted()).toBe(0);
    await held.disposeAsync();
    closeSync(devNull);
  }));

test("streams that say little are not grown beside one that hurries", () =>
  withoutLeaks(async (dir) => {
    await using held = new AsyncDisposableStack();
    const devNull = openSync("/dev/null", "w");
    const start = async (script: string) => {
      const fifos = held.use(await newFIFOSetInDir(dir, "t", false));
      const watcher = watch(fifos.config.stdout);
      held.defer(() => closeSync(watcher));
      const task = held.use(spawnTask(fifos.config, ["sh", "-c", script]));
      held.defer(() => task.kill());
      const io = await newAttach(withStreams(undefined, devNull))(newFIFOSet(fifos.config));
      held.defer(async () => void (await io.detach()));
      return { watcher, task };
    };
    const quiet: number[] = [];
    for (let i = 0; i < 8; i++) {
      quiet.push((await start("while :; do echo; sleep 0.01; done")).watcher);
    }
    const busy = await start("dd if=/dev/zero bs=2k count=500000 status=none; sleep 60");
    await until(() => isGrown(busy.watcher));
    for (let i = 0; i < 20; i++) {
      await Bun.sleep(20);
      expect(quiet.map(sizeOf)).toEqual(quiet.map(() => DEFAULT_PIPE_SIZE));
    }
    await held.disposeAsync();
    closeSync(devNull);
  }));

test("a stdin counts for as long as it is too full to be given back", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const { stdin } = fifos.config;
    const watcher = watch(stdin);
    const drained = Promise.withResolvers<void>();
    const [blocks, taken] = [800, 40_000_000];
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < blocks; i++) yield block;
      await drained.promise;
    }
    await using task = spawnTask(fifos.config, ["sh", "-c", `head -c ${taken}; sleep 60`]);
    const io = await newAttach(withStreams(source(), () => {}))(newFIFOSet(fifos.config));
    await until(() => bytesWaiting(watcher) > GROWN_PIPE_SIZE - page);
    await Bun.sleep(idle);
    expect([sizeOf(watcher), counted()]).toEqual([GROWN_PIPE_SIZE, 1]);
    const rest = new Uint8Array(GROWN_PIPE_SIZE);
    let left = blocks * block.length - taken;
    await until(() => {
      if (bytesWaiting(watcher) > 0) left -= readSync(watcher, rest);
      return left === 0;
    });
    await until(() => sizeOf(watcher) === DEFAULT_PIPE_SIZE);
    expect(counted()).toBe(0);
    drained.resolve();
    expect(await io.stdinDone).toMatchObject({ bytes: blocks * block.length, end: "eof" });
    await io.detach();
    closeSync(watcher);
    task.kill();
  }));

test("pipes that a caller gives are grown and given back too, but none that has a size of its own", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const pipes = [pipe(), pipe()] as const;
    const [[usual, stdout], [sized, stderr]] = pipes;
    libc().fcntl(sized, linux.F_SETPIPE_SZ, 2 * DEFAULT_PIPE_SIZE);
    await using task = spawnTask(fifos.config, [
      "sh",
      "-c",
      `head -c ${written} /dev/zero; head -c ${written} /dev/zero >&2; sleep 60`,
    ]);
    const readers = [usual, sized].map((stdin) => Bun.spawn(["wc", "-c"], { stdin }));
    const io = await newAttach(withStreams(undefined, stdout, stderr))(newFIFOSet(fifos.config));
    await until(() => isGrown(usual));
    await until(() => counted() === 0);
    expect([sizeOf(usual), sizeOf(sized)]).toEqual([DEFAULT_PIPE_SIZE, 2 * DEFAULT_PIPE_SIZE]);
    await io.detach();
    for (const fd of pipes.flat()) closeSync(fd);
    for (const reader of readers) expect(await reader.stdout.text()).toBe(`${written}\n`);
    task.kill();
  }));

test("a FIFO that somebody has given a size of its own keeps it", () =>
  withoutLeaks(async (dir) => {
    const devNull = openSync("/dev/null", "w");
    for (const sink of [devNull, () => {}]) {
      await using fifos = await newFIFOSetInDir(dir, "t", true);
      const watcher = watch(fifos.config.stdout);
      libc().fcntl(watcher, linux.F_SETPIPE_SZ, 4 * DEFAULT_PIPE_SIZE);
      await using task = spawnTask(fifos.config, ["head", "-c", `${written}`, "/dev/zero"]);
      await using io = await newAttach(withStreams(undefined, sink))(newFIFOSet(fifos.config));
      await task.exited;
      await until(() => bytesWaiting(watcher) === 0);
      expect([sizeOf(watcher), counted()]).toEqual([4 * DEFAULT_PIPE_SIZE, 0]);
      await io.detach();
      expect(sizeOf(watcher)).toBe(4 * DEFAULT_PIPE_SIZE);
      closeSync(watcher);
    }
    closeSync(devNull);
  }));

test(`no more than ${MAX_GROWN} are grown at once, whoever moves their bytes`, () =>
  withoutLeaks(async (dir) => {
    await using held = new AsyncDisposableStack();
    const devNull = openSync("/dev/null", "w");
    const watchers: number[] = [];
    let most = 0;
    for (let i = 0; i < 2 * MAX_GROWN; i++) {
      const fifos = held.use(await newFIFOSetInDir(dir, `t${i}`, true));
      const watcher = watch(fifos.config.stdout);
      watchers.push(watcher);
      held.defer(() => closeSync(watcher));
      const sink = i < MAX_GROWN / 2 ? () => {} : devNull;
      const io = await newAttach(withStreams(undefined, sink))(newFIFOSet(fifos.config));
      held.defer(async () => void (await io.detach()));
      for (let k = 0; k < 32; k++) {
        writeSync(watcher, block);
        for (let turn = 0; bytesWaiting(watcher) !== 0 && turn < 100_000; turn++)
          await new Promise(setImmediate);
      }
      expect(counted()).toBe(watchers.filter(isGrown).length);
      most = Math.max(most, counted());
    }
    expect(most).toBe(MAX_GROWN);
    await held.disposeAsync();
    closeSync(devNull);
    expect(counted()).toBe(0);
  }));
