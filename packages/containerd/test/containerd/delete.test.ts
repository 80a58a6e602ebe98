import { expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { newAttach } from "@taskio/fifo";
import { withStreams } from "@taskio/core";
import type { Task } from "../../src/index.ts";
import { TextSink } from "../support/text-sink.ts";
import { describeWithContainerd } from "../support/with-containerd.ts";

const fillsItsFIFO = ["sh", "-c", "head -c 200000 /dev/zero; sleep 1000"];

describeWithContainerd("a delete with containerd", (setup) => {
  /** How long a delete takes, in ms. The shim's own grace is 2 s, and 10 s later. */
  async function deleteTime(task: Task): Promise<number> {
    await Bun.sleep(300);
    const start = performance.now();
    await task.delete({ kill: true, grace: 0 });
    return performance.now() - start;
  }

  test("does not wait for unread output that nobody reads (c#13377)", async () => {
    const left = await setup.newTask(fillsItsFIFO, undefined, () => {});
    await left.start();
    await left.detach();
    expect(await deleteTime(left)).toBeLessThan(1800);

    const stuck = await setup.newTask(fillsItsFIFO, undefined, () => new Promise(() => {}));
    await stuck.start();
    expect(await deleteTime(stuck)).toBeLessThan(1800);
  });

  test("does not wait for a reader that is behind, and leaves it all (c#13377)", async () => {
    const task = await setup.newTask(fillsItsFIFO, undefined, () => {});
    await task.detach();
    await task.start();
    const reader = openReader(task);
    expect(await deleteTime(task)).toBeLessThan(1800);
    expect(readAll(reader)).toBeGreaterThan(65_536); // what the shim had left came too
  });

  test.each(["nobody reads", "somebody reads out of its sight"])(
    "in a container does not wait for output that %s (c#13377)",
    async (who) => {
      const { daemon, client } = setup;
      const task = await setup.newTask(fillsItsFIFO, undefined, () => {});
      await task.detach();
      await task.start();
      await Bun.sleep(300);
      const reader = who === "nobody reads" ? undefined : openReader(task);
      await task.kill("SIGKILL");
      const command = [process.execPath, `${import.meta.dir}/../support/delete-task.ts`];
      const unseeing = ["unshare", "--pid", "--fork", "--mount-proc"]; // who holds the FIFOs
      const program = [...unseeing, ...command, daemon.address, client.namespace, task.id];
      const child = Bun.spawn(program, { stdout: "pipe" });
      expect(Number(await child.stdout.text())).toBeWithin(1, 1800);
      if (reader !== undefined) expect(readAll(reader)).toBeGreaterThan(65_536);
    },
  );

  test("says that what was left unread was not drained", async () => {
    const task = await setup.newTask(fillsItsFIFO, undefined, () => {});
    await task.detach();
    await task.start();
    expect(await task.delete({ kill: true, grace: 0 })).toMatchObject({ drained: false });
  });

  test("leaves another reader what it reads", async () => {
    const task = await setup.newTask(
      ["sh", "-c", "sleep 0.5; echo all of it"],
      undefined,
      () => {},
    );
    await task.start();
    await task.detach();
    const out = new TextSink();
    const other = await setup.client.loadTask(task.id, {
      attach: newAttach(withStreams(undefined, out.sink)),
    });
    await task.wait();
    await task.delete({ grace: 0 });
    await other.io.wait();
    await other[Symbol.asyncDispose]();
    expect(out.text).toBe("all of it\n");
  });

  test("does not wait for outputs that a task had closed before the attach", async () => {
    const script = "exec >&- 2>&-; sleep 2; exit 4";
    const task = await setup.newTask(["sh", "-c", script], undefined, () => {});
    await task.start();
    await Bun.sleep(500);
    await task.detach();
    const again = await setup.client.loadTask(task.id, {
      attach: newAttach(
        withStreams(
          undefined,
          () => {},
          () => {},
        ),
      ),
    });
    await again.wait();
    const start = performance.now();
    expect(await again.delete()).toMatchObject({ exitCode: 4 });
    expect(performance.now() - start).toBeLessThan(8000); // the grace is 10 s
  });
});

/** An fd that reads, as a client's that takes no lock. */
function openReader({ io }: Task): number {
  return openSync(io.config.stdout, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** Reads a FIFO without a writer to its end, closes it and gives how many bytes there were. */
function readAll(fd: number): number {
  const buffer = new Uint8Array(65_536);
  let total = 0;
  for (let bytes = -1; bytes !== 0; total += bytes) bytes = readSync(fd, buffer);
  closeSync(fd);
  return total;
}
