import { expect, test } from "bun:test";
import { TextSink } from "../support/text-sink.ts";
import { rejection } from "@taskio/test-support";
import { describeWithContainerd } from "../support/with-containerd.ts";

const encode = (text: string) => new TextEncoder().encode(text);

describeWithContainerd("a task of containerd", (setup) => {
  test("gives its outputs exactly, and its exit code", async () => {
    const out = new TextSink();
    const err = new TextSink();
    const command = ["sh", "-c", "printf 'hello\\n'; printf oops >&2; exit 7"];
    await using task = await setup.newTask(command, undefined, out.sink, err.sink);
    expect(await task.status()).toMatchObject({ state: "created", pid: task.pid, id: task.id });
    await task.start();
    expect(await task.wait()).toMatchObject({ exitCode: 7 });
    expect((await task.status()).exit?.exitCode).toBe(7);
    const { exitCode, exitedAt, drained, io } = await task.delete();
    expect([exitCode, drained, io.stdout?.bytes, io.stderr?.bytes]).toEqual([7, true, 6, 4]);
    expect(Math.abs(exitedAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect([out.text, err.text]).toEqual(["hello\n", "oops"]);
    expect(await rejection(task.status())).toMatchObject({ code: "NOT_FOUND" });
  });

  test("that is killed exits with 128 plus the signal", async () => {
    await using task = await setup.newTask(["sleep", "1000"]);
    await task.start();
    expect(await rejection(task.delete())).toMatchObject({ code: "IN_USE" });
    await task.kill("SIGKILL");
    expect(await task.wait()).toMatchObject({ exitCode: 137 });
    expect(await rejection(task.kill("SIGTERM"))).toMatchObject({ code: "NOT_FOUND" });
    expect(await task.delete()).toMatchObject({ exitCode: 137 });
  });

  test("ends when its stdin does, which is exact (c#2439)", async () => {
    for (const text of ["", "12345", "12345", ""]) {
      const out = new TextSink();
      await using task = await setup.newTask(["cat"], encode(text), out.sink);
      await task.start();
      expect(await task.wait()).toMatchObject({ exitCode: 0 });
      expect(await task.delete()).toMatchObject({ drained: true });
      expect(out.text).toBe(text);
    }
  });

  test("reads 1 MiB whose end came before its start", async () => {
    const out = new TextSink();
    await using task = await setup.newTask(["wc", "-c"], new Uint8Array(1 << 20), out.sink);
    await Bun.sleep(100);
    await task.start();
    await task.wait();
    await task.delete();
    expect(out.text).toBe("1048576\n");
  });

  test("loses nothing at delete, with a slow sink (c PR#14120)", async () => {
    const out = new TextSink(50); // ms a chunk of at most 64 KiB: about 1 MB/s
    const command = ["sh", "-c", "seq 1 150000"]; // about 1 MB
    await using task = await setup.newTask(command, undefined, out.sink);
    await task.start();
    await task.wait();
    expect(await task.delete()).toMatchObject({ drained: true });
    const lines = Array.from({ length: 150_000 }, (_, i) => `${i + 1}\n`).join("");
    expect(out.text === lines).toBe(true);
  });

  test("that was never started can be deleted", async () => {
    await using task = await setup.newTask(["sleep", "1000"], undefined, () => {});
    await task.delete();
  });

  test("that is paused can be resumed, and be killed", async () => {
    await using task = await setup.newTask(["sleep", "1000"]);
    await task.start();
    await task.pause();
    expect((await task.status()).state).toBe("paused");
    await task.resume();
    expect((await task.status()).state).toBe("running");
    expect(await task.pids()).toEqual([{ pid: task.pid }]);
    await task.pause();
    expect(await task.delete({ kill: true })).toMatchObject({ exitCode: 137 });
  });

  test("that can't be created leaves nothing (c#1162)", async () => {
    const error = await rejection(setup.newTask(["no-such-command"], encode("x"), () => {}));
    expect(error).toMatchObject({
      code: "ENGINE_FAILED",
      message: expect.stringContaining('"no-such-command": executable file not found'),
    });
  });

  test("of a container that has one is refused, and the first goes on", async () => {
    const out = new TextSink();
    await using task = await setup.newTask(["cat"], encode("first"), out.sink);
    const creator = setup.streams(encode("second"), () => {});
    const second = setup.client.createTask(task.id, { creator });
    expect(await rejection(second)).toMatchObject({ code: "IN_USE" });
    expect(setup.fifoFolders()).toHaveLength(1);
    expect(await rejection(setup.client.containers.delete(task.id))).toMatchObject({
      code: "IN_USE",
    });
    await task.start();
    await task.wait();
    await task.delete();
    expect(out.text).toBe("first");
  });

  test("of an unknown container names the id", async () => {
    const creator = setup.streams();
    const unknown = setup.client.createTask("no-such-container", { creator });
    expect(await rejection(unknown)).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('"no-such-container"'),
    });
    const load = setup.client.loadTask("no-such-container");
    expect(await rejection(load)).toMatchObject({ code: "NOT_FOUND" });
  });

  test("prints all, also when it is over at once, 8 at a time (n#3877)", async () => {
    const runs = Array.from({ length: 8 }, async (_, i) => {
      const out = new TextSink();
      await using task = await setup.newTask(["echo", `line ${i}`], undefined, out.sink);
      await task.start();
      await task.wait();
      await task.delete();
      return out.text;
    });
    expect(await Promise.all(runs)).toEqual(runs.map((_, i) => `line ${i}\n`));
  });

  test("whose creation is aborted leaves nothing", async () => {
    for (const delay of [0, 20, 60, 120]) {
      const signal = AbortSignal.timeout(delay);
      const id = await setup.newContainer(["sleep", "1000"]);
      const creator = setup.streams(undefined, () => {});
      const task = await setup.client.createTask(id, { creator, signal }).catch((error) => {
        expect(error).toBe(signal.reason);
      });
      await task?.delete();
      for (let i = 0; i < 200 && (await setup.client.tasks.list()).length > 0; i++) {
        await Bun.sleep(20);
      }
    }
  });

  test("tells its life in events", async () => {
    await using events = setup.client.events();
    await events.subscribed();
    await using task = await setup.newTask(["sh", "-c", "exit 3"]);
    await task.start();
    await task.wait();
    await task.delete();
    await setup.client.containers.delete(task.id);
    const types: string[] = [];
    for await (const event of events) {
      if (!Bun.inspect(event.data).includes(`"${task.id}"`)) continue; // another test's
      types.push(event.type);
      if (event.type === "TaskExit") expect(event.data.exitStatus).toBe(3);
      if (event.type === "ContainerDelete") break;
    }
    expect(types).toEqual([
      "ContainerCreate",
      "TaskCreate",
      "TaskStart",
      "TaskExit",
      "TaskDelete",
      "ContainerDelete",
    ]);
  });
});

describeWithContainerd("a client of containerd", (setup) => {
  test("asks about the server", async () => {
    expect((await setup.client.version()).version).toMatch(/^v?\d+\.\d+/);
    expect((await setup.client.introspection.server()).uuid).toMatch(/^[0-9a-f-]{36}$/);
    const plugins = await setup.client.introspection.plugins({ filters: ["type~=runtime"] });
    expect(plugins.map(({ id }) => id)).toContain("task");
  });

  test("keeps containers", async () => {
    const id = await setup.newContainer(["true"]);
    const made = await setup.client.containers.get(id);
    expect(made).toMatchObject({ id, runtime: "io.containerd.runc.v2" });
    expect(made.spec?.process?.args).toEqual(["true"]);
    const filtered = await setup.client.containers.list({ filters: [`id==${id}`] });
    expect(filtered).toEqual([made]);
    const again = setup.client.containers.create({ id, spec: made.spec! });
    expect(await rejection(again)).toMatchObject({ code: "IN_USE" });
    await setup.client.containers.delete(id);
    const gone = setup.client.containers.delete(id);
    expect(await rejection(gone)).toMatchObject({ code: "NOT_FOUND" });
  });
});
