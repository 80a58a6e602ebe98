import { newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { newHub } from "../src/index.ts";
import { hubTest } from "./support/hub-test.ts";
import { MemoryLog } from "./support/memory-log.ts";
import { openViewer, type TestViewer } from "./support/open-viewer.ts";

describe("a viewer that takes nothing", () => {
  hubTest("stops neither the task nor the others, and is told what it missed", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = new MemoryLog();
    await using hub = await newHub(fifos, { viewerLimit: 1 << 20, log });
    const stuck = Promise.withResolvers<void>();
    await using slow = await openViewer(fifos.config, { take: () => stuck.promise });
    await using quick = await openViewer(fifos.config);
    const script = "echo first; read x; seq 1 2000000";
    await using task = spawnTask(fifos.config, ["sh", "-c", script]);
    await until(() => slow.bytes().length > 0); // it takes no more from now on
    await using _typist = await openViewer(fifos.config, { stdin: Buffer.from("\n") });
    expect(await task.exited).toBe(0);
    await hub.wait();
    await quick.io.wait();
    expect(slow.missed).toEqual([]); // it is told when it takes again
    stuck.resolve();
    expect((await slow.io.wait()).stdout?.end).toBe("eof");
    await until(() => slow.missed.length > 0);
    const all = log.bytes();
    for (const viewer of [slow, quick]) expectGaps(viewer, all);
  });

  for (const viewerLimit of [0, 1]) {
    hubTest(`goes on to the end with a limit of ${viewerLimit} bytes`, async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      const log = new MemoryLog();
      await using hub = await newHub(fifos, { viewerLimit, replay: 0, log });
      const stuck = Promise.withResolvers<void>();
      await using slow = await openViewer(fifos.config, { take: () => stuck.promise });
      const script = "seq 1 100000; read x; echo more";
      await using _task = spawnTask(fifos.config, ["sh", "-c", script]);
      await until(() => log.bytes().includes("\n100000\n"));
      await using _typist = await openViewer(fifos.config, { stdin: Buffer.from("\n") });
      await until(() => log.bytes().includes("more\n"));
      stuck.resolve();
      await hub.wait();
      expect((await slow.io.wait()).stdout?.end).toBe("eof");
      await until(() => slow.missed.length > 0);
      expect(slow.text().endsWith("more\n")).toBe(true);
      expectGaps(slow, log.bytes());
    });
  }

  hubTest("goes on when it takes again, with what comes then", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = new MemoryLog();
    await using hub = await newHub(fifos, { viewerLimit: 100_000, replay: 0, log });
    let stuck = Promise.withResolvers<void>();
    await using slow = await openViewer(fifos.config, { take: () => stuck.promise });
    const script = "seq 1 500000; read x; seq 500001 1000000; read x; echo done";
    await using _task = spawnTask(fifos.config, ["sh", "-c", script]);
    await using typist = await openViewer(fifos.config, {
      stdin: (async function* () {
        for (const count of [500_000, 1_000_000]) {
          await until(() => log.bytes().includes(`${count}\n`));
          stuck.resolve();
          await until(() => slow.bytes().includes(`\n${count}\n`));
          stuck = Promise.withResolvers<void>();
          yield Buffer.from("\n");
        }
        stuck.resolve();
      })(),
    });
    await typist.io.wait();
    await hub.wait();
    await slow.io.wait();
    expect(slow.missed.length).toBeGreaterThanOrEqual(2);
    expect(slow.text().endsWith("1000000\ndone\n")).toBe(true);
    expectGaps(slow, log.bytes());
  });

  hubTest("has few gaps, and not one at each chunk, when it is only slow", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = new MemoryLog();
    await using _hub = await newHub(fifos, { viewerLimit: 4 << 20, replay: 0, log });
    await using slow = await openViewer(fifos.config, { take: () => Bun.sleep(5) });
    const script = "for i in $(seq 1000); do seq 1 10000; done"; // 49 MB, with a moment between the pieces
    await using task = spawnTask(fifos.config, ["sh", "-c", script]);
    expect(await task.exited).toBe(0);
    await slow.io.wait();
    expect(slow.missed.length).toBeLessThanOrEqual(Math.ceil(log.bytes().length / (2 << 20)));
    expectGaps(slow, log.bytes());
  });

  hubTest("holds the task where the hub is to wait, until it leaves", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = new MemoryLog();
    await using _hub = await newHub(fifos, { viewerLimit: 1 << 20, slowViewers: "wait", log });
    await using slow = await openViewer(fifos.config, { take: () => new Promise(() => {}) });
    await using task = spawnTask(fifos.config, ["seq", "1", "2000000"]);
    await until(() => log.bytes().length > 1 << 20);
    await Bun.sleep(300);
    expect(log.bytes().length).toBeLessThan(6 << 20);
    await slow.io.detach();
    expect(await task.exited).toBe(0);
    expect(slow.missed).toEqual([]);
  });
});

hubTest(
  "what a viewer is waited for with is read, and logged, when the hub stops",
  async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = new MemoryLog();
    const hub = await newHub(fifos, { viewerLimit: 1, slowViewers: "wait", log });
    await using slow = await openViewer(fifos.config, { take: () => new Promise(() => {}) });
    await using _task = spawnTask(fifos.config, ["seq", "1", "2000000"]);
    await until(() => log.bytes().length > 65_536);
    await Bun.sleep(100); // the task is held
    const { stdout } = await hub.detach();
    const logged = log.bytes().length;
    expect([stdout?.bytes, stdout?.unacknowledged]).toEqual([logged, 0]);
    slow.io.cancel();
    await fifos.close();
  },
);

hubTest("a viewer knows what its sink has not taken, and that nothing waits", async (folder) => {
  const fifos = await newFIFOSetInDir(folder, "task-1", false);
  await using _hub = await newHub(fifos);
  await using _task = spawnTask(fifos.config, [
    "sh",
    "-c",
    "echo one; read x; seq 1 200000; read x",
  ]);
  const stuck = Promise.withResolvers<void>();
  let taken = 0;
  await using slow = await openViewer(fifos.config, {
    stdin: Buffer.from("\n"),
    keepStdinOpen: true,
    take: (chunk) => ((taken += chunk.length) > "one\n".length ? stuck.promise : undefined),
  });
  await until(() => slow.io.unread > 0);
  stuck.resolve();
  await until(() => slow.text().endsWith("\n200000\n"));
  expect(slow.io.unread).toBe(0);
  await slow.io.detach();
  expect(slow.io.unread).toBe(0);
});

/** What a viewer got and what it was told to have missed are together all that was written. */
function expectGaps(viewer: TestViewer, all: Buffer): void {
  const bytes = viewer.bytes();
  let [got, at] = [0, 0];
  for (const { stream, bytes: missed, offset } of viewer.missed) {
    expect(stream).toBe("stdout");
    expect(bytes.subarray(got, offset).equals(all.subarray(at, at + offset - got))).toBe(true);
    at += offset - got + missed;
    got = offset;
  }
  expect(bytes.subarray(got).equals(all.subarray(at))).toBe(true);
}
