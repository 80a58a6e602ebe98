import { expect, test } from "bun:test";
import { TaskIOError, withStreams } from "@taskio/core";
import { newAttach, newFIFOSetInDir } from "@taskio/fifo";
import { findFIFO, type FoundFIFO } from "@taskio/fifo/holders";
import { until } from "@taskio/test-support";
import { endWithoutWriter } from "../src/end-without-writer.ts";
import { openByShell } from "./support/shell.ts";

/** An output whose end can't be told at first, as when fds are used up for a moment. */
function failsOnce(fifo: FoundFIFO): FoundFIFO {
  let failed = false;
  return {
    path: fifo.path,
    get isEndless() {
      return fifo.isEndless;
    },
    end() {
      if (failed) return fifo.end();
      failed = true;
      throw new TaskIOError("UNAVAILABLE", "no more open files");
    },
    [Symbol.dispose]() {},
  };
}

/** A sink that takes a while for its first chunk. */
function slowSink() {
  const sink = {
    taken: 0,
    async write({ length }: Uint8Array) {
      if (sink.taken === 0) await Bun.sleep(500);
      sink.taken += length;
    },
  };
  return sink;
}

test("an output that can't be told its end for a moment cuts nothing off", async () => {
  await using fifos = await newFIFOSetInDir("", "web", false);
  using stdout = findFIFO(fifos.config.stdout);
  using stderr = findFIFO(fifos.config.stderr);
  const write = "head -c 2000000 /dev/zero >&3";
  await using writer = await openByShell(stdout.path, 'exec 3<>"$FIFO"', write);
  const sink = slowSink();
  const io = await newAttach(withStreams(undefined, sink.write, () => {}))(fifos);
  const ended = await endWithoutWriter(io, [stdout, failsOnce(stderr)]);
  expect(await io.wait()).toMatchObject({
    stdout: { bytes: 2_000_000, unacknowledged: 0, end: "eof" },
    stderr: { bytes: 0, end: "eof" },
  });
  expect(sink.taken).toBe(2_000_000);
  expect(ended).toEqual([]);
  expect(await writer.exited).toBe(0);
});

test("a sink that is behind when an output is cancelled has been given all of it", async () => {
  await using fifos = await newFIFOSetInDir("", "web", true);
  using stdout = findFIFO(fifos.config.stdout);
  const refused: FoundFIFO = {
    path: stdout.path,
    get isEndless() {
      return stdout.isEndless;
    },
    end() {
      throw new TaskIOError("PERMISSION", "read only");
    },
    [Symbol.dispose]() {},
  };
  const left = 'exec 3<>"$FIFO" 4<"$FIFO"; printf 12345 >&3; exec 3>&-';
  await using _ = await openByShell(stdout.path, left, "exec sleep 1000");
  const sink = slowSink();
  const io = await newAttach(withStreams(undefined, sink.write))(fifos);
  expect(await endWithoutWriter(io, [refused])).toEqual([stdout.path]);
  expect((await io.wait()).stdout).toMatchObject({ bytes: 5, unacknowledged: 5, end: "stopped" });
  await until(() => sink.taken === 5, "the sink has taken all");
});
