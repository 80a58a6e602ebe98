import { newFIFOSet } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { unlinkSync } from "node:fs";
import { Reactor } from "../../fifo/src/reactor/reactor.ts";
import { type DirectIO, newDirectIO } from "../src/index.ts";
import { codeOf } from "./support/bytes.ts";
import { fifoTest } from "./support/fifo-test.ts";

// Rule 2: cancel() settles wait() within 100 ms in every state (c#8326).

const full = new Uint8Array(200_000);

/** A state to cancel in: starts what is pending, and gives it. */
type State = (io: DirectIO) => Promise<Promise<unknown>[]>;

const states: Record<string, { command?: string[]; pending: State }> = {
  "nobody came, nobody asked": { pending: async () => [] },
  "nobody came": {
    pending: async (io) => [
      io.stdout!.getReader().read(),
      io.stderr!.getReader().read(),
      io.stdin!.getWriter().write(full),
    ],
  },
  "the task is idle": {
    command: ["sleep", "60"],
    pending: async (io) => [io.stdout!.getReader().read(), io.stderr!.getReader().read()],
  },
  "the task does not read": {
    command: ["sleep", "60"],
    pending: async (io) => {
      const writer = io.stdin!.getWriter();
      return [writer.write(full), writer.write(full), codeOf(writer.close())];
    },
  },
  "the caller does not read": { command: countingCommand(), pending: async () => [] },
  "the caller has stopped reading": {
    command: countingCommand(),
    async pending(io) {
      await io.stdout!.getReader().read();
      return [];
    },
  },
  "both directions are busy": {
    command: ["sh", "-c", "cat & seq 1 999999999 >&2"],
    async pending(io) {
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(full.slice()),
      });
      const busy = [
        endless.pipeTo(io.stdin!),
        io.stdout!.pipeTo(new WritableStream()),
        io.stderr!.pipeTo(new WritableStream()),
      ];
      for (const promise of busy) promise.catch(() => {});
      await Bun.sleep(100);
      return busy;
    },
  },
  "a piped stream's sink is stuck": {
    command: countingCommand(),
    async pending(io) {
      const stuck = new WritableStream({ write: () => new Promise(() => {}) });
      void io.stdout!.pipeTo(stuck).catch(() => {});
      return [];
    },
  },
  "the paths are unlinked": {
    pending: async (io) => {
      const pending = [io.stdout!.getReader().read(), io.stdin!.getWriter().write(full)];
      for (const path of [io.config.stdin, io.config.stdout]) unlinkSync(path);
      return pending;
    },
  },
};

for (const how of ["cancel", "detach", "close"] as const) {
  describe(how, () => {
    for (const [state, { command, pending }] of Object.entries(states)) {
      fifoTest(`settles in time while ${state}`, async (folder) => {
        await using fifos = await newFIFOSetInDir(folder, "t1", false);
        await using io = await newDirectIO(newFIFOSet(fifos.config));
        await using _task = command && spawnTask(io.config, command);
        const codes = (await pending(io)).map(codeOf);
        if (command) await Bun.sleep(20);
        const start = performance.now();
        void io[how]();
        const { stdout, stderr } = await io.wait();
        expect(performance.now() - start).toBeLessThan(100);
        expect([stdout?.end, stderr?.end]).toEqual(["stopped", "stopped"]);
        expect(await io.stdinDone).toMatchObject({ end: "stopped" });
        const settled = await Promise.all(codes);
        expect(settled.filter((code) => code !== "STOPPED" && code !== "resolved")).toEqual([]);
        io.cancel();
      });
    }
  });
}

fifoTest("a reactor that dies fails what is pending, and loses nothing", async (folder) => {
  await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
  await using _task = spawnTask(io.config, ["sh", "-c", "sleep 0.2; echo hello; sleep 60"]);
  const read = io.stdout!.getReader().read();
  await Bun.sleep(20);
  Reactor.get().terminate();
  await expect(read).rejects.toMatchObject({ code: "ENGINE_FAILED" });
  await using again = await newDirectIO(newFIFOSet({ ...io.config, stdin: "", stderr: "" }));
  const { value } = await again.stdout!.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("hello\n");
  io.cancel();
  expect((await io.wait()).stdout).toMatchObject({
    end: "failed",
    error: { code: "ENGINE_FAILED" },
  });
});
