import { newFIFOSet, withStreams } from "@taskio/core";
import { until } from "@taskio/test-support";
import { spawnTask } from "@taskio/testkit";
import { expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { libc, linux } from "../src/libc.ts";
import { pipe } from "../src/pipe.ts";
import { DEFAULT_PIPE_SIZE } from "../src/reactor/layout.ts";
import { bytesWaiting } from "./support/bytes-waiting.ts";
import { withoutLeaks } from "./support/leaks.ts";

// A move that takes less than it could is the last one until something happens at one of the ends.

const size = 2 * DEFAULT_PIPE_SIZE;
/** Fits into both pipes, so that the task's end comes while the sink is full. */
const written = 50 * 4096;

test.each([
  ["that ended meanwhile", `head -c ${written} /dev/zero`],
  ["that says no more", `head -c ${written} /dev/zero; sleep 60`],
])("a sink that was full gets the rest of a task %s, when there is room", (_, script) =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const [got, sink] = pipe();
    const io = await newAttach(withStreams(undefined, sink))(newFIFOSet(fifos.config));
    const fifo = openSync(fifos.config.stdout, constants.O_RDONLY | constants.O_NONBLOCK);
    for (const fd of [fifo, sink]) libc().fcntl(fd, linux.F_SETPIPE_SZ, size); // neither is grown
    await using task = spawnTask(fifos.config, ["sh", "-c", script]);
    await until(() => bytesWaiting(got) === size && bytesWaiting(fifo) === written - size);
    await Bun.sleep(20); // the task has ended
    const chunk = new Uint8Array(10_000);
    for (; bytesWaiting(fifo) > 0; await Bun.sleep(1)) readSync(got, chunk);
    if (script.endsWith("60")) await io.detach();
    expect((await io.wait()).stdout).toMatchObject({ bytes: written });
    task.kill();
    await io.close();
    for (const fd of [got, sink, fifo]) closeSync(fd);
  }),
);

test("small pieces that come quickly all arrive, and the one after them at once", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const [got, sink] = pipe();
    const script = "dd if=/dev/zero bs=1k count=100000 status=none; read -r _; echo last; sleep 60";
    await using task = spawnTask(fifos.config, ["sh", "-c", script]);
    const typed = Promise.withResolvers<Uint8Array>();
    const source = (async function* () {
      yield await typed.promise;
    })();
    const io = await newAttach(withStreams(source, sink))(newFIFOSet(fifos.config));
    const chunk = new Uint8Array(65_536);
    const read = async (bytes: number) => {
      for (let left = bytes; left > 0;) {
        while (bytesWaiting(got) === 0) await new Promise(setImmediate);
        left -= readSync(got, chunk, 0, Math.min(left, chunk.length), null);
      }
    };
    await read(102_400_000);
    typed.resolve(Buffer.from("\n"));
    await read(5);
    expect(Buffer.from(chunk.subarray(0, 5)).toString()).toBe("last\n");
    expect((await io.detach()).stdout).toMatchObject({ bytes: 102_400_005, end: "stopped" });
    task.kill();
    for (const fd of [got, sink]) closeSync(fd);
  }));
