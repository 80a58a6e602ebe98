import { newFIFOSet } from "@taskio/core";
import { newAttach, newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { CountedOutput, countingCommand, openFifoPeer, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type HubLog, hubSocket, newHub } from "../src/index.ts";
import { hubTest } from "./support/hub-test.ts";
import { MemoryLog } from "./support/memory-log.ts";
import { openViewer } from "./support/open-viewer.ts";
import { refusal } from "./support/refusal.ts";

describe("a hub", () => {
  hubTest("waits for the end of both outputs, with the bytes of each", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    await using _task = spawnTask(fifos.config, ["sh", "-c", "echo out; echo error >&2"]);
    const { stdout, stderr } = await hub.wait();
    expect([stdout?.bytes, stdout?.end, stderr?.bytes, stderr?.end]).toEqual([4, "eof", 6, "eof"]);
  });

  hubTest("closed removes its socket and the set, twice is fine", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const hub = await newHub(fifos);
    expect(hub.socket).toBe(hubSocket(fifos.config));
    expect(existsSync(hub.socket)).toBe(true);
    await Promise.all([hub.close(), hub.close()]);
    await hub.close();
    expect(existsSync(dirname(hub.socket))).toBe(false);
  });

  hubTest("detached leaves what it did not read to the next, over and over", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using task = spawnTask(fifos.config, countingCommand());
    const output = new CountedOutput();
    const log: HubLog = { write: (_, chunk) => output.push(chunk) };
    for (let time = 0; time < 20; time++) {
      const hub = await newHub(fifos, { log });
      await Bun.sleep(Math.random() * 10);
      const { stdout } = await hub.detach();
      expect([stdout?.end, stdout?.error]).toEqual(["stopped", undefined]);
      await hub.close();
      expect(existsSync(fifos.config.stdout)).toBe(true);
    }
    task.kill("SIGKILL");
    await using hub = await newHub(fifos, { log });
    expect((await hub.wait()).stdout?.end).toBe("eof");
    expect(output.lines).toBeGreaterThan(0);
  });

  hubTest("gives a viewer that is behind a moment when it stops", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const hub = await newHub(fifos);
    await using slow = await openViewer(fifos.config, { take: () => Bun.sleep(4) });
    await using task = spawnTask(fifos.config, countingCommand(300_000));
    expect(await task.exited).toBe(0);
    await hub.wait();
    await hub.close();
    expect((await slow.io.wait()).stdout?.end).toBe("eof");
    const output = new CountedOutput();
    output.push(slow.bytes());
    output.end(300_000);
  });

  hubTest("does not wait long for a viewer that takes nothing when it stops", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    let logged = 0;
    const hub = await newHub(fifos, {
      log: { write: (_, chunk) => void (logged += chunk.length) },
    });
    await using _task = spawnTask(fifos.config, countingCommand());
    await using stuck = await openViewer(fifos.config, { take: () => new Promise(() => {}) });
    await until(() => logged > 8 << 20);
    await hub.close();
    stuck.io.cancel();
    await stuck.io.wait();
  });
});

describe("the socket of a hub", () => {
  hubTest("is its user's alone", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos);
    expect(statSync(hub.socket).mode & 0o777).toBe(0o600);
  });

  hubTest("may be anywhere, in a folder that is made", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const socket = join(folder, "deep", "er", "hub.sock");
    {
      await using _hub = await newHub(fifos, { socket });
      await using one = await openViewer(fifos.config, { socket });
      expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
      expect((await refusal(openViewer(fifos.config))).code).toBe("NOT_FOUND");
      await one.io.detach();
    }
    rmSync(join(folder, "deep"), { recursive: true });
  });

  hubTest("may have a long path", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, `t${"x".repeat(75)}`, false);
    await using hub = await newHub(fifos);
    expect(hub.socket.length).toBeGreaterThan(107); // what the kernel takes
    await using one = await openViewer(fifos.config);
    await one.io.detach();
  });

  hubTest("is not taken from a hub that lives, nor from anything else", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const other = await newFIFOSetInDir(folder, "task-2", false);
    await using hub = await newHub(fifos);
    const taken = await refusal(newHub(other, { socket: hub.socket }));
    expect(taken.code).toBe("IN_USE");
    const file = join(folder, "file");
    writeFileSync(file, "precious");
    const inTheWay = await refusal(newHub(other, { socket: file }));
    expect(inTheWay.code).toBe("IN_USE");
    expect(await Bun.file(file).text()).toBe("precious");
    rmSync(file);
    await other.close();
    await using one = await openViewer(fifos.config);
    await one.io.detach();
  });
});

describe("what a hub refuses, and leaves as it was", () => {
  hubTest("a task whose output is being read", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using io = await newAttach((streams) => void (streams.stdout = () => {}))(fifos);
    const error = await refusal(newHub(fifos));
    expect([error.code, existsSync(hubSocket(fifos.config))]).toEqual(["IN_USE", false]);
    const peer = openFifoPeer(fifos.config);
    await peer.write("stdout", new Uint8Array(10));
    peer.exit();
    expect((await io.wait()).stdout?.bytes).toBe(10);
  });

  hubTest("streams that it cannot read", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const { config } = fifos;
    const cases = {
      NOT_FOUND: { ...config, stderr: `${config.stderr}-missing` },
      NOT_FIFO: { ...config, stderr: import.meta.path },
      NOT_ATTACHABLE: { ...config, stdout: "file:///var/log/task-1" },
      INVALID_CONFIG: { ...config, stdin: "", stdout: "", stderr: "" },
    };
    for (const [code, config] of Object.entries(cases)) {
      expect((await refusal(newHub(newFIFOSet(config)))).code).toBe(code as never);
    }
    expect(existsSync(hubSocket(config))).toBe(false);
    await fifos.close();
  });

  hubTest("a task that is gone, with folders that are missing", async (folder) => {
    const stdout = join(folder, "was", "here", "task-1-stdout");
    const fifos = newFIFOSet({ terminal: false, stdin: "", stdout, stderr: "" });
    const socket = join(folder, "deep", "er", "hub.sock");
    expect((await refusal(newHub(fifos))).code).toBe("NOT_FOUND");
    expect((await refusal(newHub(fifos, { socket }))).code).toBe("NOT_FOUND");
    expect(readdirSync(folder)).toEqual([]);
  });

  hubTest("a socket that cannot be made, whose folder goes again", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const socket = join(folder, "deep", "er", "x".repeat(300));
    await refusal(newHub(fifos, { socket }));
    expect(existsSync(join(folder, "deep"))).toBe(false);
    await fifos.close();
  });

  hubTest("options that are none", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    for (const options of [
      { replay: -1 },
      { viewerLimit: 0.5 },
      { slowViewers: "drop" as never },
    ]) {
      expect((await refusal(newHub(fifos, options))).code).toBe("INVALID_ARGUMENT");
    }
    const reason = new Error("no longer wanted");
    expect(await refusal(newHub(fifos, { signal: AbortSignal.abort(reason) }))).toBe(
      reason as never,
    );
    await fifos.close();
  });
});

describe("the log of a hub", () => {
  hubTest("has what a viewer sees, before it does", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    let logged = 0;
    const ends: string[] = [];
    await using hub = await newHub(fifos, {
      log: {
        async write(_, chunk) {
          await Bun.sleep(5);
          logged += chunk.length;
        },
        end: (stream) => void ends.push(stream),
      },
    });
    let seen = 0;
    await using one = await openViewer(fifos.config, {
      take(chunk) {
        seen += chunk.length;
        expect(seen).toBeLessThanOrEqual(logged);
      },
    });
    await using _task = spawnTask(fifos.config, countingCommand(50_000));
    await hub.wait();
    expect((await one.io.wait()).stdout?.end).toBe("eof");
    expect(seen).toBe(logged);
    expect(ends.sort()).toEqual(["stderr", "stdout"]);
  });

  hubTest(
    "may fail: the viewers get everything, and the result says what is missing",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      let calls = 0;
      await using hub = await newHub(fifos, {
        log: {
          write() {
            if (++calls > 1) throw new Error("disk full");
          },
        },
      });
      const peer = openFifoPeer(fifos.config);
      await using one = await openViewer(fifos.config);
      for (const piece of ["one ", "two ", "three"]) {
        const before = one.text().length;
        await peer.write("stdout", Buffer.from(piece));
        await until(() => one.text().length > before);
      }
      peer.exit();
      const { stdout } = await hub.wait();
      expect([stdout?.bytes, stdout?.discarded, stdout?.end]).toEqual([13, 9, "failed"]);
      expect(stdout?.error?.code).toBe("SINK_FAILED");
      expect((await one.io.wait()).stdout?.end).toBe("eof");
      expect([one.text(), calls]).toEqual(["one two three", 2]);
    },
  );

  hubTest("may give what is no promise", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const chunks: Uint8Array[] = [];
    const write = (_: string, chunk: Uint8Array) => chunks.push(chunk.slice());
    await using hub = await newHub(fifos, {
      log: { write: write as never, end: (() => 1) as never },
    });
    await using _task = spawnTask(fifos.config, ["echo", "out"]);
    const { stdout } = await hub.wait();
    expect([stdout?.end, stdout?.discarded]).toEqual(["eof", 0]);
    expect(Buffer.concat(chunks).toString()).toBe("out\n");
  });

  hubTest("is at its end before a viewer is told of the end", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const ending = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    let isComplete = false;
    await using hub = await newHub(fifos, {
      log: {
        write() {},
        async end(stream) {
          if (stream === "stderr") return;
          ending.resolve();
          await mayEnd.promise;
          isComplete = true;
        },
      },
    });
    await using early = await openViewer(fifos.config);
    await using _task = spawnTask(fifos.config, ["echo", "out"]);
    await ending.promise;
    await using late = await openViewer(fifos.config);
    const ends = [early, late].map(async ({ io }) => {
      const { stdout } = await io.wait();
      return [stdout?.end, isComplete];
    });
    await until(() => [early, late].every((one) => one.text() === "out\n"));
    expect(await Promise.race([...ends, Bun.sleep(100)])).toBeUndefined();
    mayEnd.resolve();
    expect(await Promise.all(ends)).toEqual([
      ["eof", true],
      ["eof", true],
    ]);
    expect((await hub.wait()).stdout?.end).toBe("eof");
  });

  hubTest(
    "does not hold up a hub that is closed, nor its viewers then, with an end that never comes",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      const ending = Promise.withResolvers<void>();
      const end = (): Promise<void> => {
        ending.resolve();
        return new Promise(() => {});
      };
      const hub = await newHub(fifos, { log: { write() {}, end } });
      await using one = await openViewer(fifos.config);
      await using _task = spawnTask(fifos.config, ["echo", "out"]);
      await ending.promise;
      const waited = hub.wait();
      await hub.close();
      const { stdout } = await waited;
      expect([stdout?.bytes, stdout?.end, stdout?.error?.code]).toEqual([
        4,
        "failed",
        "SINK_FAILED",
      ]);
      expect((await one.io.wait()).stdout?.end).toBe("eof");
      expect(one.text()).toBe("out\n");
    },
  );

  hubTest("is told which stream it is that gave something", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = new MemoryLog();
    await using hub = await newHub(fifos, { log });
    await using _task = spawnTask(fifos.config, ["sh", "-c", "echo out; echo error >&2"]);
    await hub.wait();
    expect(log.bytes().toString()).toBe("out\n");
  });
});
