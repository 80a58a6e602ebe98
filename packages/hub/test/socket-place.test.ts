import { newFIFOSetInDir } from "@taskio/fifo";
import { until } from "@taskio/test-support";
import { openFifoPeer } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { newHub } from "../src/index.ts";
import { hubTest } from "./support/hub-test.ts";
import { openViewer } from "./support/open-viewer.ts";
import { refusal } from "./support/refusal.ts";

describe("the socket's place", () => {
  hubTest("is one hub's where two come at once, after one that was killed", async (folder) => {
    const place = join(folder, "place");
    mkdirSync(place, { mode: 0o700 });
    const socket = join(place, "hub.sock");
    leaveDead(socket);
    const tasks = [
      await newFIFOSetInDir(folder, "task-1", false),
      await newFIFOSetInDir(folder, "task-2", false),
    ];
    const started = await Promise.allSettled(tasks.map((task) => newHub(task, { socket })));
    const hubs = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const codes = started.map((one) => (one.status === "rejected" ? one.reason.code : "started"));
    expect(codes.sort()).toEqual(["IN_USE", "started"]);
    await using hub = hubs[0]!;
    const peer = openFifoPeer(hub.config);
    await using viewer = await openViewer(hub.config, { socket });
    await peer.write("stdout", Buffer.from("hello"));
    await until(() => viewer.text() === "hello");
    peer.exit();
    await viewer.io.wait();
    await hub.close();
    for (const task of tasks) await task.close();
    rmSync(place, { recursive: true });
  });

  hubTest("is refused in a folder where others could replace it", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const error = await refusal(newHub(fifos, { socket: join(open, "hub.sock") }));
    expect(error.code).toBe("PERMISSION");
    rmSync(open, { recursive: true });
    await fifos.close();
  });

  if (process.geteuid!() !== 0)
    return test.skip("in a folder of another user: needs root", () => {});

  hubTest("is refused in a folder of another user, who could replace it", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "task-1", false);
    const place = join(folder, "place");
    mkdirSync(place, { mode: 0o700 });
    chownSync(place, 65_534, 65_534);
    const error = await refusal(newHub(fifos, { socket: join(place, "hub.sock") }));
    expect([error.code, error.message.includes("uid 65534")]).toEqual(["PERMISSION", true]);
    expect(statSync(place).uid).toBe(65_534);
    rmSync(place, { recursive: true });
    await fifos.close();
  });
});

/** A socket as a hub leaves it that is killed. */
function leaveDead(path: string): void {
  const listener = Bun.listen({ unix: `${path}.tmp`, socket: { data() {} } });
  renameSync(`${path}.tmp`, path); // or stopping would remove it
  listener.stop();
}
