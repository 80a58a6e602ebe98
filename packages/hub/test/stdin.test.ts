import type { Config } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { openFifoPeer, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { newHub, type TerminalSize } from "../src/index.ts";
import { hubTest } from "./support/hub-test.ts";
import { openViewer } from "./support/open-viewer.ts";
import { refusal } from "./support/refusal.ts";
import { withoutFds } from "./support/without-fds.ts";

describe("stdin", () => {
  hubTest("is one viewer's at a time; the others are told since when", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const start = new Date();
    await using hub = await newHub(fifos);
    await using _task = spawnTask(fifos.config, ["cat"]);
    await using holder = await openViewer(fifos.config, { stdin: typed("one\n") });
    const error = await refusal(openViewer(fifos.config, { stdin: typed("never\n") }));
    expect(error.code).toBe("IN_USE");
    const since = new Date(/since (\S+):/.exec(error.message)![1]!);
    expect(since.getTime()).toBeWithin(start.getTime(), Date.now() + 1);
    await until(() => holder.text() === "one\n");
    await using reader = await openViewer(fifos.config, {
      stdin: typed("never\n"),
      readOnly: true,
    });
    await until(() => reader.text() === "one\n");
    expect(hub.viewers).toBe(2);
  });

  hubTest("stays open when its viewer leaves, and the next one goes on exactly", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using _hub = await newHub(fifos);
    await using _task = spawnTask(fifos.config, ["cat"]);
    await using watcher = await openViewer(fifos.config);
    const expected: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const text = `turn ${turn} ${"x".repeat(turn * 500)}\n`;
      const holder = await openViewer(fifos.config, { stdin: typed(text) });
      if (turn % 2) await until(() => watcher.text().includes(`turn ${turn} `));
      const { stdin } = await holder.io.detach();
      expect(stdin?.end).toBe("stopped");
      expected.push(text.slice(0, stdin!.bytes));
    }
    await until(() => watcher.text() === expected.join(""));
  });

  hubTest("of a terminal stays open where its viewer's source ends (c#4107)", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", true);
    let ended = 0;
    const widths: number[] = [];
    await using _hub = await newHub(fifos, {
      onStdinEnd: () => ended++,
      onResize: ({ width }) => void widths.push(width),
    });
    await using _task = spawnTask(fifos.config, ["cat"]);
    await using held = new AsyncDisposableStack();
    for (const line of ["one\n", "two\n"]) {
      const holder = held.use(await openViewer(fifos.config, { stdin: new Blob([line]) }));
      expect(await holder.io.stdinDone).toMatchObject({ bytes: 4, end: "eof" });
      await until(() => holder.text().endsWith(line));
      holder.io.resize({ width: line.charCodeAt(0), height: 24 }); // it still shows the terminal
      await until(() => widths.at(-1) === line.charCodeAt(0));
    }
    expect(ended).toBe(0);
  });

  hubTest("ends when its viewer's source does, once", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    let ended = 0;
    await using hub = await newHub(fifos, {
      onStdinEnd() {
        ended++;
        task.closeIO();
      },
    });
    const task = spawnTask(fifos.config, ["wc", "-c"]);
    await using _ = task;
    await using holder = await openViewer(fifos.config, {
      stdin: new Blob(["x".repeat(1_000_000)]),
    });
    expect(await holder.io.stdinDone).toEqual({
      bytes: 1_000_000,
      discarded: 0,
      unacknowledged: 0,
      end: "eof",
    });
    await holder.io.wait();
    expect(holder.text()).toBe("1000000\n");
    const error = await refusal(openViewer(fifos.config, { stdin: typed("late\n") }));
    expect(error.code).toBe("CLOSED");
    expect(ended).toBe(1);
    await hub.wait();
  });

  hubTest("stays open after the source of a viewer that is to keep it so", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    let ended = 0;
    await using _hub = await newHub(fifos, { onStdinEnd: () => (ended++, task.closeIO()) });
    const task = spawnTask(fifos.config, ["cat"]);
    await using _ = task;
    {
      await using holder = await openViewer(fifos.config, {
        stdin: new Blob(["one\n"]),
        keepStdinOpen: true,
      });
      expect(await holder.io.stdinDone).toMatchObject({ bytes: 4, end: "eof" });
      await until(() => holder.text() === "one\n");
      const error = await refusal(openViewer(fifos.config, { stdin: typed("never\n") }));
      expect([error.code, ended]).toEqual(["IN_USE", 0]); // it has it until it leaves
    }
    await using next = await openViewer(fifos.config, { stdin: new Blob(["two\n"]) });
    await next.io.wait();
    expect([next.text(), ended]).toEqual(["one\ntwo\n", 1]);
  });

  hubTest(
    "is nobody's after a viewer that ended it and left, also before the task reads",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      let ended = 0;
      await using _hub = await newHub(fifos, { onStdinEnd: () => (ended++, peer.closeIO()) });
      const first = await openViewer(fifos.config, { stdin: Buffer.from("first\n") });
      await untilEnded(fifos.config);
      await first.io.detach();
      const error = await refusal(openViewer(fifos.config, { stdin: typed("never\n") }));
      expect([error.code, ended]).toEqual(["CLOSED", 0]);
      const peer = openFifoPeer(fifos.config);
      expect(await new Response(peer.readStdin()).text()).toBe("first\n");
      expect(ended).toBe(1);
      peer.exit();
    },
  );

  hubTest(
    "that a viewer has left behind goes to the task also when the hub is detached",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      let ended = 0;
      const hub = await newHub(fifos, { onStdinEnd: () => (ended++, peer.closeIO()) });
      for (const [stdin, keepStdinOpen] of [
        ["one\n", true],
        ["two\n", false],
      ] as const) {
        const viewer = await openViewer(fifos.config, { stdin: Buffer.from(stdin), keepStdinOpen });
        await (keepStdinOpen ? viewer.io.stdinDone : untilEnded(fifos.config));
        await viewer.io.detach();
      }
      const detached = hub.detach();
      const peer = openFifoPeer(fifos.config); // the task looks at its stdin only now
      expect(await new Response(peer.readStdin()).text()).toBe("one\ntwo\n");
      await detached;
      expect(ended).toBe(1);
      peer.exit();
      await fifos.close();
    },
  );

  hubTest(
    "that the task does not take holds up a hub that is detached for a moment only",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      const hub = await newHub(fifos);
      await using _viewer = await openViewer(fifos.config, { stdin: endless() });
      await hub.detach();
      expect(hub.viewers).toBe(0);
      await fifos.close();
    },
  );

  hubTest("is the next viewer's after one that found no fd for it", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using _hub = await newHub(fifos, { onStdinEnd: () => peer.closeIO() });
    await using first = await openViewer(fifos.config, { stdin: endless() });
    {
      using _ = withoutFds();
      expect((await first.io.stdinDone)?.error).toBeDefined();
    }
    await first.io.detach();
    const peer = openFifoPeer(fifos.config);
    await using next = await openViewer(fifos.config, { stdin: Buffer.from("next\n") });
    expect(await new Response(peer.readStdin()).text()).toBe("next\n");
    expect((await next.io.stdinDone)?.end).toBe("eof");
    peer.exit();
  });

  hubTest("fails as its viewer's when the task closes it", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using _hub = await newHub(fifos);
    await using _task = spawnTask(fifos.config, ["sh", "-c", "read x; exec <&-; exec sleep 60"]);
    await using holder = await openViewer(fifos.config, { stdin: endless() });
    const stdin = await holder.io.stdinDone;
    expect([stdin?.end, stdin?.error?.code]).toEqual(["failed", "PEER_GONE"]);
  });

  hubTest("is missing where the task has none", async (folder) => {
    const { config, close } = await newFIFOSetInDir(folder, "task-1", false);
    const fifos = { config: { ...config, stdin: "" }, close, [Symbol.asyncDispose]: close };
    await using _hub = await newHub(fifos);
    await using one = await openViewer(fifos.config, { stdin: typed("never\n") });
    expect(await one.io.stdinDone).toBeUndefined();
    const error = await refusal(openViewer(config, { stdin: typed("never\n") }));
    expect(error.code).toBe("NOT_FOUND");
  });

  hubTest("comes with the right to resize the terminal", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", true);
    const sizes: TerminalSize[] = [];
    await using _hub = await newHub(fifos, { onResize: (size) => void sizes.push(size) });
    await using _task = spawnTask(fifos.config, ["cat"]);
    await using holder = await openViewer(fifos.config, { stdin: typed("\n") });
    await using reader = await openViewer(fifos.config, { readOnly: true });
    reader.io.resize({ width: 1, height: 1 });
    holder.io.resize({ width: 80, height: 24 });
    holder.io.resize({ width: 81, height: 25 });
    await until(() => sizes.length === 2);
    await holder.io.detach();
    holder.io.resize({ width: 2, height: 2 });
    reader.io.resize({ width: 3, height: 3 });
    await Bun.sleep(50);
    expect(sizes).toEqual([
      { width: 80, height: 24 },
      { width: 81, height: 25 },
    ]);
  });
});

/** Waits until the hub knows that a viewer wants stdin to end. */
function untilEnded(config: Config): Promise<void> {
  return until(async () => {
    const error = await refusal(openViewer(config, { stdin: typed("never\n") }));
    return error.code === "CLOSED";
  }, "the end of stdin");
}

/** Somebody who types something, and stays. */
async function* typed(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  await new Promise(() => {});
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    await Bun.sleep(10);
    yield Buffer.from("more\n");
  }
}
