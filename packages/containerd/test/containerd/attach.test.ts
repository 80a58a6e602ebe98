import { expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { rejection, until } from "@taskio/test-support";
import type { Client, Task } from "../../src/index.ts";
import { isHeldOpen } from "../../src/is-held-open.ts";
import { TextSink } from "../support/text-sink.ts";
import { describeWithContainerd } from "../support/with-containerd.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const to = (out: TextSink) => newAttach(withStreams(undefined, out.sink));

describeWithContainerd("attaching to a task of containerd", (setup) => {
  test("again and again loses nothing", async () => {
    const pieces = [new TextSink()];
    const script =
      "i=0; until [ $i -gt 30000 ] && [ -e /tmp/enough ]; do i=$((i+1)); echo line $i; done; echo end";
    const made = await setup.newTask(["sh", "-c", script], undefined, pieces[0]!.sink);
    await made.start();
    let task: Task = made;
    for (let i = 0; i < 10; i++) {
      await Bun.sleep(Math.random() * 15);
      await task.detach();
      const out = new TextSink();
      pieces.push(out);
      task = await setup.client.loadTask(made.id, { attach: to(out) });
    }
    // Not before: what a task leaves in a FIFO at its end is gone when nobody is attached then.
    await Bun.write(join(setup.daemon.rootfs, "tmp/enough"), "");
    await task.wait();
    await task.delete();
    const lines = pieces
      .map(({ text }) => text)
      .join("")
      .trimEnd()
      .split("\n");
    const expected = lines.map((_, i) => (i + 1 < lines.length ? `line ${i + 1}` : "end"));
    expect(lines.length).toBeGreaterThan(30_000);
    expect(Bun.deepEquals(lines, expected)).toBe(true);
  });

  test("goes on where a client that is gone has left", async () => {
    const first = new TextSink();
    const client = await setup.connect();
    const id = await setup.newContainer(["cat"]);
    const creator = setup.streams(idle("one "), first.sink);
    const task = await client.createTask(id, { creator });
    await task.start();
    await first.until("one ");
    await task.detach();
    await client[Symbol.asyncDispose]();

    const second = new TextSink();
    const attach = newAttach(withStreams(encode("two"), second.sink));
    await using again = await setup.client.loadTask(id, { attach });
    expect(again.pid).toBe(task.pid);
    expect(await again.wait()).toMatchObject({ exitCode: 0 }); // cat, at the end of our stdin
    await again.delete();
    expect([first.text, second.text]).toEqual(["one ", "two"]);
  });

  test("a second time at once is refused, and the first goes on (n#3570)", async () => {
    const out = new TextSink();
    await using task = await setup.newTask(["cat"], encode("all"), out.sink);
    const second = setup.client.loadTask(task.id, { attach: to(new TextSink()) });
    expect(await rejection(second)).toMatchObject({ code: "IN_USE" });
    expect(existsSync(task.io.config.stdout)).toBe(true);
    await task.start();
    await task.wait();
    await task.delete();
    expect(out.text).toBe("all");
  });

  test("when it has stopped is refused, and it can be deleted (c#7680, c#2421)", async () => {
    const task = await setup.newTask(["sh", "-c", "exit 4"], undefined, () => {});
    await task.start();
    await task.detach();
    await task.wait();
    await until(() => !isHeldOpen(task.io.config.stdout), "the shim lets go");
    const attached = setup.client.loadTask(task.id, { attach: to(new TextSink()) });
    expect(await rejection(attached)).toMatchObject({
      code: "NOT_ATTACHABLE",
      message: expect.stringContaining("exit code 4"),
    });
    expect(setup.fifoFolders()).toHaveLength(1);
    const loaded = await setup.client.loadTask(task.id);
    expect(await loaded.wait()).toMatchObject({ exitCode: 4 });
    await loaded.delete();
  });

  test("when it has stopped and the shim still holds its output gives that output", async () => {
    const out = new TextSink();
    const task = await setup.newTask(["head", "-c", "100000", "/dev/zero"], undefined, out.sink);
    await task.detach(); // nobody reads: the FIFO is full, and the rest waits in the shim
    await task.start();
    await task.wait();
    const again = await setup.client.loadTask(task.id, { attach: to(out) });
    expect(await again.delete()).toMatchObject({ drained: true });
    expect(out.bytes.length).toBe(100_000);
  });

  test("when it has stopped gives a slow sink all of it, though the FIFO is removed", async () => {
    const first = new TextSink();
    const task = await setup.newTask(["head", "-c", "100000", "/dev/zero"], undefined, first.sink);
    await task.detach();
    await task.start();
    await task.wait();
    let taken = 0;
    const slow = async ({ length }: Uint8Array) => {
      await Bun.sleep(1500);
      taken += length;
    };
    const attach = newAttach(withStreams(undefined, slow));
    const again = await setup.client.loadTask(task.id, { attach });
    rmSync(dirname(task.io.config.stdout), { recursive: true });
    const { stdout } = await again.io.wait();
    expect(stdout).toMatchObject({ bytes: 100_000 - first.bytes.length, end: "eof" });
    expect(taken + first.bytes.length).toBe(100_000);
    expect(await again.delete()).toMatchObject({ drained: true });
  });

  test("to a task whose output is a file is refused (c#6422)", async () => {
    const id = await setup.newContainer(["sleep", "1000"]);
    const log = `${setup.daemon.fifoDir}.log`;
    const { logFile } = await import("../../../log-file/src/index.ts");
    await using task = await setup.client.createTask(id, { creator: logFile(log) });
    await task.start();
    const attached = setup.client.loadTask(id, { attach: to(new TextSink()) });
    expect(await rejection(attached)).toMatchObject({
      code: "NOT_ATTACHABLE",
      message: expect.stringContaining("file://"),
    });
  });

  test("to an exec loses nothing", async () => {
    await using task = await setup.newTask(["sleep", "1000"]);
    await task.start();
    const first = new TextSink();
    const process = { args: ["cat"], cwd: "/", env: ["PATH=/bin"] };
    const creator = setup.streams(idle("one "), first.sink);
    const exec = await task.exec("e1", { process, creator });
    await exec.start();
    await first.until("one ");
    await exec.detach();
    const second = new TextSink();
    const attach = newAttach(withStreams(encode("two"), second.sink));
    const again = await task.loadExec("e1", { attach });
    await again.wait();
    await again.delete();
    expect(first.text + second.text).toBe("one two");
  });
});

describeWithContainerd("a task whose containerd is restarted", (setup) => {
  test("goes on, and so do its streams and its client", async () => {
    const out = new TextSink();
    const stdin = Promise.withResolvers<void>();
    const source = (async function* () {
      yield encode("before ");
      await stdin.promise;
      yield encode("after");
    })();
    const client: Client = await setup.connect();
    const id = await setup.newContainer(["sh", "-c", "cat; exit 6"]);
    const task = await client.createTask(id, { creator: setup.streams(source, out.sink) });
    await task.start();
    await out.until("before ");
    const waiting = rejection(task.wait());
    await setup.daemon.kill();
    expect(await waiting).toMatchObject({ code: "UNAVAILABLE" });
    expect(await rejection(task.status())).toMatchObject({ code: "UNAVAILABLE" });
    await setup.daemon.start();
    stdin.resolve();
    expect(await task.wait()).toMatchObject({ exitCode: 6 });
    expect(await task.delete()).toMatchObject({ exitCode: 6, drained: true });
    expect(out.text).toBe("before after");
    await client[Symbol.asyncDispose]();
  });
});

/** A source that never ends. */
async function* idle(text: string) {
  yield encode(text);
  await new Promise(() => {});
}
