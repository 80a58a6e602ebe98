import { newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { CountedOutput, openFifoPeer, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { newHub } from "../src/index.ts";
import { hubTest } from "./support/hub-test.ts";
import { MemoryLog } from "./support/memory-log.ts";
import { openViewer } from "./support/open-viewer.ts";
import { refusal } from "./support/refusal.ts";

/** Counts to 400 000 within about a second. */
const slowCount =
  "for i in $(seq 1 80); do seq $((i * 5000 - 4999)) $((i * 5000)); sleep 0.01; done";
const counted = 400_000;

describe("viewers", () => {
  hubTest(
    "eight that come and go at any moment get it all, from where they began",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      const log = new MemoryLog();
      await using hub = await newHub(fifos, { log });
      await using task = spawnTask(fifos.config, ["sh", "-c", slowCount]);
      const seen = Array.from({ length: 8 }, async (_, viewer) => {
        const pieces: Buffer[] = [];
        let isEnded = false;
        for (let round = 0; round < 50 && !isEnded; round++) {
          await Bun.sleep(Math.random() * 40);
          await using one = await openViewer(fifos.config, { replay: viewer * 10_000 });
          const ended = one.io.wait().then(() => (isEnded = true));
          await Promise.race([Bun.sleep(Math.random() * 200), ended]);
          const { stdout } = await one.io.detach();
          isEnded = stdout!.end === "eof";
          expect(one.missed).toEqual([]);
          pieces.push(one.bytes());
        }
        await using last = await openViewer(fifos.config);
        expect((await last.io.wait()).stdout?.end).toBe("eof");
        return [...pieces, last.bytes()];
      });
      const pieces = (await Promise.all(seen)).flat();
      await hub.wait();
      expect(await task.exited).toBe(0);
      const all = log.bytes();
      const output = new CountedOutput();
      output.push(all);
      output.end(counted);
      for (const piece of pieces) expect(all.includes(piece)).toBe(true);
      expect(
        pieces.filter((piece) => all.subarray(-piece.length).equals(piece)).length,
      ).toBeGreaterThanOrEqual(8);
    },
  );

  hubTest(
    "stdout and stderr stay apart, and a viewer gets those that it has a sink for",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      await using _hub = await newHub(fifos);
      await using one = await openViewer(fifos.config);
      await using _task = spawnTask(fifos.config, ["sh", "-c", "echo out; echo err >&2"]);
      expect(await one.io.wait()).toEqual({
        stdout: { bytes: 4, discarded: 0, unacknowledged: 0, end: "eof" },
      });
      expect(one.text()).toBe("out\n");
    },
  );

  hubTest("are counted, until they have left", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    {
      await using _one = await openViewer(fifos.config);
      await using _two = await openViewer(fifos.config);
      expect(hub.viewers).toBe(2);
    }
    await until(() => hub.viewers === 0);
  });

  hubTest("that come when the task has ended get the replay, and the end", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    await using _task = spawnTask(fifos.config, ["echo", "hello"]);
    await hub.wait();
    for (let time = 0; time < 3; time++) {
      await using late = await openViewer(fifos.config);
      expect((await late.io.wait()).stdout?.end).toBe("eof");
      expect(late.text()).toBe("hello\n");
    }
  });

  hubTest("see no end when the hub stops before the task does", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    await using _task = spawnTask(fifos.config, ["sh", "-c", "echo hello; exec sleep 60"]);
    await using one = await openViewer(fifos.config);
    await until(() => one.text() === "hello\n");
    await hub.detach();
    const { stdout } = await one.io.wait();
    expect([stdout?.end, stdout?.bytes, stdout?.error?.code]).toEqual([
      "failed",
      6,
      "ENGINE_FAILED",
    ]);
    expect(stdout?.error?.message).toContain("went away");
    await fifos.close();
  });
});

describe("the replay", () => {
  const sizes = [0, 1, 99, 100, 101, 65_536, 100_000, 299_999, 300_000, 300_001, undefined];

  for (const pieceSize of [1000, 16_384, 50_000]) {
    hubTest(`is as long as was asked for, of pieces of ${pieceSize} bytes`, async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      const log = new MemoryLog();
      await using _hub = await newHub(fifos, { replay: 300_000, log });
      const peer = openFifoPeer(fifos.config);
      const data = Buffer.from(
        Array.from({ length: 500_000 }, (_, i) => (i * 31 + (i >> 8)) & 255),
      );
      for (let at = 0; at < data.length; at += pieceSize) {
        await peer.write("stdout", data.subarray(at, at + pieceSize));
        if (at % 7 === 0) await Bun.sleep(1); // so that chunks of all sizes come
      }
      await until(() => log.bytes().length === data.length);
      for (const replay of sizes) {
        await using one = await openViewer(fifos.config, { replay });
        const length = Math.min(replay ?? Infinity, 300_000);
        await until(() => one.bytes().length >= length);
        expect(one.bytes().equals(data.subarray(data.length - length))).toBe(true);
      }
      await using last = await openViewer(fifos.config, { replay: 10 });
      peer.exit();
      await last.io.wait();
      expect(last.bytes().equals(data.subarray(-10))).toBe(true);
    });
  }

  hubTest("joins what comes live, for one who comes while the task writes", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using _hub = await newHub(fifos, { replay: 64 << 20, slowViewers: "wait" });
    await using _task = spawnTask(fifos.config, ["seq", "1", "1000000"]);
    const viewers = await Promise.all(
      Array.from({ length: 4 }, async (_, i) => {
        await Bun.sleep(i * 3);
        return openViewer(fifos.config);
      }),
    );
    for (const viewer of viewers) {
      await viewer.io.wait();
      const output = new CountedOutput();
      output.push(viewer.bytes());
      output.end(1_000_000);
      await viewer.io.close();
    }
  });

  hubTest("is refused where it is no size", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using _hub = await newHub(fifos);
    for (const replay of [-1, 1.5, NaN, "1" as never]) {
      const error = await refusal(openViewer(fifos.config, { replay }));
      expect(error.code).toBe("INVALID_ARGUMENT");
    }
  });
});
