import { newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hubSocket, newHub } from "../src/index.ts";
import { startChild } from "./support/child.ts";
import { hubTest } from "./support/hub-test.ts";
import { MemoryLog } from "./support/memory-log.ts";
import { openViewer } from "./support/open-viewer.ts";

describe("a hub that is killed", () => {
  hubTest("loses nothing that it had not read: the next one goes on there", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = join(folder, "log");
    const hub = await startChild("hub-process.ts", fifos.config, log);
    const go = join(folder, "go");
    const script = `seq 1 100000; until [ -e ${go} ]; do sleep 0.01; done; seq 100001 1000000`;
    await using task = spawnTask(fifos.config, ["sh", "-c", script]);
    await using viewer = await openViewer(fifos.config);
    await until(() => viewer.text().endsWith("\n100000\n"));
    await hub.kill();
    const { stdout } = await viewer.io.wait();
    expect([stdout?.end, stdout?.error?.code]).toEqual(["failed", "ENGINE_FAILED"]);
    writeFileSync(go, "");
    await Bun.sleep(50); // the task fills its FIFO

    const more = new MemoryLog();
    await using next = await newHub(fifos, { log: more });
    await using again = await openViewer(fifos.config);
    await next.wait();
    expect(await task.exited).toBe(0);
    expect((await again.io.wait()).stdout?.end).toBe("eof");
    const all = Buffer.concat([readFileSync(log), more.bytes()]);
    for (const path of [log, go]) rmSync(path);
    const output = new CountedOutput();
    output.push(all);
    output.end(1_000_000);
    expect(all.includes(viewer.bytes())).toBe(true);
  });

  hubTest("leaves a socket that goes with the task's FIFOs", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const log = join(folder, "log");
    const hub = await startChild("hub-process.ts", fifos.config, log);
    await hub.kill();
    rmSync(log);
    expect(statSync(hubSocket(fifos.config)).isSocket()).toBe(true);
    await fifos.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  hubTest(
    "at any moment leaves its socket to the next one, and its viewers know",
    async (folder) => {
      const fifos = await newFIFOSetInDir(folder, "task-1", false);
      await using _task = spawnTask(fifos.config, countingCommand());
      for (let time = 0; time < 3; time++) {
        const log = join(folder, "log");
        const hub = await startChild("hub-process.ts", fifos.config, log);
        const stdin = new ReadableStream<Uint8Array>(); // of somebody who types nothing
        await using viewer = await openViewer(fifos.config, { stdin });
        await until(() => viewer.bytes().length > 0);
        await Bun.sleep(Math.random() * 20);
        await hub.kill();
        expect((await viewer.io.wait()).stdout?.error?.code).toBe("ENGINE_FAILED");
        expect((await viewer.io.stdinDone)?.error?.code).toBe("ENGINE_FAILED");
        expect(stdin.locked).toBe(false);
        expect(statSync(hubSocket(fifos.config)).isSocket()).toBe(true);
        rmSync(log);
      }
      await using _next = await newHub(fifos);
      await using viewer = await openViewer(fifos.config);
      await until(() => viewer.bytes().length > 0);
    },
  );
});

describe("a viewer that is killed", () => {
  hubTest("leaves neither the hub nor the others anything to do", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using hub = await newHub(fifos, { slowViewers: "wait" });
    await using task = spawnTask(fifos.config, ["sh", "-c", "read x; seq 1 500000"]);
    const killed = await startChild("viewer-process.ts", fifos.config);
    await until(() => readdirSync(folder).length === 1); // it keeps no paths
    expect(readdirSync(folder)).toEqual([dirname(fifos.config.stdout).slice(folder.length + 1)]);
    await using other = await openViewer(fifos.config, { stdin: Buffer.from("\n") });
    await until(() => other.bytes().length > 0);
    await killed.kill();
    await other.io.wait();
    expect(await task.exited).toBe(0);
    await until(() => hub.viewers === 0);
    const output = new CountedOutput();
    output.push(other.bytes());
    output.end(500_000);
  });

  hubTest("leaves stdin to others, and what it wrote to the task", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    await using _hub = await newHub(fifos, { onStdinEnd: () => task.closeIO() });
    const task = spawnTask(fifos.config, ["sh", "-c", "sleep 0.5; exec cat"]);
    await using _ = task;
    const killed = await startChild("viewer-process.ts", fifos.config, "one\n");
    await until(() => readdirSync(folder).length === 1); // its own FIFOs have no names any more
    await killed.kill();
    await using other = await openViewer(fifos.config, { stdin: Buffer.from("two\n") });
    await other.io.wait();
    expect(other.text()).toBe("one\ntwo\n");
  });
});
