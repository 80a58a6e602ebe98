import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type IO,
  newFIFOSet,
  newMemoryIO,
  type Opt,
  type Sink,
  withStreams,
  withTerminal,
} from "../../src/index.ts";
import { counted, text, utf8 } from "../support/bytes.ts";
import { isPending } from "../support/is-pending.ts";

function collecting(): { chunks: Uint8Array[]; opt: Opt } {
  const chunks: Uint8Array[] = [];
  return { chunks, opt: withStreams(undefined, (chunk) => void chunks.push(chunk)) };
}

async function create(...opts: Opt[]) {
  const memory = newMemoryIO();
  const io = await memory.newCreator(...opts)("t1");
  const attach = (...opts: Opt[]): Promise<IO> => memory.newAttach(...opts)(newFIFOSet(io.config));
  return { memory, io, task: memory.task("t1"), attach };
}

describe("a creator in memory", () => {
  test("copies what the task writes until it exits", async () => {
    const { chunks, opt } = collecting();
    const { io, task } = await create(opt);
    await task.write("stdout", "hello ");
    await task.write("stdout", utf8("world"));
    task.exit();
    expect(await io.wait()).toMatchObject({ stdout: { bytes: 11, end: "eof" } });
    expect(text(chunks)).toBe("hello world");
  });

  test("keeps stdout and stderr apart", async () => {
    const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
    const sink =
      (chunks: Uint8Array[]): Sink =>
      (chunk) =>
        void chunks.push(chunk);
    const { io, task } = await create(withStreams(undefined, sink(out), sink(err)));
    await task.write("stdout", "out");
    await task.write("stderr", "err");
    task.exit();
    await io.wait();
    expect([text(out), text(err)]).toEqual(["out", "err"]);
  });

  test("brings stdin to the task, which ends at CloseIO", async () => {
    const { io, task } = await create(withStreams(utf8("typed"), () => {}));
    expect(await io.stdinDone).toMatchObject({ bytes: 5, end: "eof" });
    task.closeIO();
    const got: Uint8Array[] = [];
    for await (const chunk of task.stdin) got.push(chunk);
    expect(text(got)).toBe("typed");
  });

  test("fails stdin with PEER_GONE when the task has exited", async () => {
    const { io, task } = await create(withStreams(utf8("typed"), () => {}));
    task.exit();
    expect(await io.stdinDone).toMatchObject({ end: "failed", error: { code: "PEER_GONE" } });
  });

  test("has the config of a new task: what is not wired is /dev/null and takes all", async () => {
    const { io, task } = await create(collecting().opt);
    const { terminal, stdin, stdout, stderr } = io.config;
    expect([terminal, stdin, stderr]).toEqual([false, "", "/dev/null"]);
    expect(stdout).toStartWith("memory:");
    await task.write("stderr", counted(200_000));
    task.exit();
    expect(Object.keys(await io.wait())).toEqual(["stdout"]);
  });

  test("with a terminal has no stderr, also when a sink for it is given", async () => {
    const { io, task } = await create(
      withStreams(
        undefined,
        () => {},
        () => {},
      ),
      withTerminal,
    );
    expect(io.config).toMatchObject({ terminal: true, stderr: "" });
    task.exit();
    expect(Object.keys(await io.wait())).toEqual(["stdout"]);
  });

  test("refuses an id that exists, until its IO is closed", async () => {
    const { memory, io } = await create(collecting().opt);
    const again = memory.newCreator(collecting().opt);
    await expect(again("t1")).rejects.toMatchObject({ code: "IN_USE" });
    await io.close();
    expect(() => memory.task("t1")).toThrow('no task "t1" in memory');
    await using second = await again("t1");
    expect(second.config).toEqual(io.config);
  });

  test("refuses an id that is none, an fd, and a terminal without stdout, and makes nothing", async () => {
    const memory = newMemoryIO();
    const refused = (id: string, ...opts: Opt[]) => memory.newCreator(...opts)(id);
    await expect(refused("../x")).rejects.toMatchObject({ code: "INVALID_ID" });
    await expect(refused("t1", withStreams(0))).rejects.toMatchObject({ code: "UNSUPPORTED" });
    const stderr = withStreams(undefined, () => {}, 2);
    await expect(refused("t1", stderr)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await expect(refused("t1", withTerminal)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    expect(() => memory.task("t1")).toThrow('no task "t1" in memory');
  });

  test("a refusal gives the caller's web streams back", async () => {
    const stdout = new WritableStream<Uint8Array>();
    const stdin = new Blob(["x"]).stream();
    const memory = newMemoryIO();
    await expect(memory.newCreator(withStreams(stdin, stdout, 2))("t1")).rejects.toThrow("fd 2");
    await expect(memory.newCreator(withStreams(0, stdout))("t1")).rejects.toThrow("fd 0");
    expect([stdin.locked, stdout.locked]).toEqual([false, false]);
  });

  test("rejects with the reason of a signal that is aborted", async () => {
    const memory = newMemoryIO();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(memory.newCreator()("t1", { signal })).rejects.toBe(reason);
    const config = { terminal: false, stdin: "", stdout: "", stderr: "" };
    await expect(memory.newAttach()(newFIFOSet(config), { signal })).rejects.toBe(reason);
  });
});

describe("a stream in memory", () => {
  test("holds 64 KiB while nobody reads; then the task waits", async () => {
    const { io, task } = await create(withStreams(undefined, () => new Promise<void>(() => {})));
    await task.write("stdout", "x"); // the sink has this one, and takes no more
    await Bun.sleep(1);
    await task.write("stdout", new Uint8Array(65_536));
    expect(await isPending(task.write("stdout", "y"))).toBe(true);
    io.cancel();
    expect(await io.wait()).toMatchObject({ stdout: { bytes: 1, unacknowledged: 1 } });
  });

  test("holds 64 KiB of stdin while the task does not read; the rest stays with the source", async () => {
    async function* endless() {
      for (;;) yield new Uint8Array(1000);
    }
    const { io } = await create(withStreams(endless(), () => {}));
    await Bun.sleep(5);
    io.cancel();
    expect(await io.stdinDone).toMatchObject({
      bytes: 65_536,
      unacknowledged: 464,
      end: "stopped",
    });
  });

  test("copies what the task writes, so that its buffer may be used again", async () => {
    const { chunks, opt } = collecting();
    const { io, task } = await create(opt);
    const buffer = utf8("abc");
    await task.write("stdout", buffer);
    buffer.fill(0);
    task.exit();
    await io.wait();
    expect(text(chunks)).toBe("abc");
  });

  test("a task that has exited writes no more", async () => {
    const { task } = await create(collecting().opt);
    task.exit();
    await expect(task.write("stdout", "late")).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("an attach in memory", () => {
  test("to a stream that is being read is refused, and changes nothing", async () => {
    const { chunks, opt } = collecting();
    const { io, task, attach } = await create(opt);
    const stdout = new WritableStream<Uint8Array>();
    await expect(attach(withStreams(undefined, stdout))).rejects.toMatchObject({ code: "IN_USE" });
    expect(stdout.locked).toBe(false);
    await task.write("stdout", "still here");
    task.exit();
    await io.wait();
    expect(text(chunks)).toBe("still here");
  });

  test("after a detach goes on with what was written meanwhile", async () => {
    const first = collecting();
    const { io, task, attach } = await create(first.opt);
    await task.write("stdout", "one ");
    await Bun.sleep(1);
    expect(await io.detach()).toMatchObject({ stdout: { bytes: 4, end: "stopped" } });
    await io.close();
    await task.write("stdout", "two ");
    const second = collecting();
    const again = await attach(second.opt);
    await task.write("stdout", "three");
    task.exit();
    await again.wait();
    expect([text(first.chunks), text(second.chunks)]).toEqual(["one ", "two three"]);
  });

  test("to a task that has exited gives what it left", async () => {
    const { io, task, attach } = await create(collecting().opt);
    await io.detach();
    await task.write("stdout", "last words");
    task.exit();
    const { chunks, opt } = collecting();
    expect(await (await attach(opt)).wait()).toMatchObject({ stdout: { bytes: 10, end: "eof" } });
    expect(text(chunks)).toBe("last words");
  });

  test("without a sink leaves the stream to others", async () => {
    const { io, task, attach } = await create(collecting().opt);
    await io.detach();
    await task.write("stdout", "kept");
    expect(await (await attach()).wait()).toEqual({});
    const { chunks, opt } = collecting();
    await attach(opt);
    await Bun.sleep(1);
    expect(text(chunks)).toBe("kept");
  });

  test("closes the set that it was given", async () => {
    const { memory, io } = await create(collecting().opt);
    await io.detach();
    let closed = 0;
    const again = await memory.newAttach()(newFIFOSet(io.config, () => void closed++));
    await again.close();
    expect(closed).toBe(1);
  });

  test("to a task that nobody made is refused", async () => {
    const memory = newMemoryIO();
    const fifos = newFIFOSet({ terminal: false, stdin: "", stdout: "memory:no", stderr: "" });
    await expect(memory.newAttach()(fifos)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("finds its task among those without a stdout", async () => {
    const memory = newMemoryIO();
    const onlyStdin = withStreams(new Uint8Array(0));
    const configs = [];
    for (const id of ["t1", "t2"]) configs.push((await memory.newCreator(onlyStdin)(id)).config);
    const io = await memory.newAttach(withStreams(utf8("for t2")))(newFIFOSet(configs[1]!));
    await io.stdinDone;
    memory.task("t1").closeIO();
    memory.task("t2").closeIO();
    const got: Uint8Array[] = [];
    for await (const chunk of memory.task("t2").stdin) got.push(chunk);
    expect(text(got)).toBe("for t2");
  });
});

test("over any sequence of stops, the pieces are exactly what the task wrote", async () => {
  const write = fc.record({ size: fc.nat(100_000), sleeps: fc.boolean() });
  const round = fc.record({
    how: fc.constantFrom("cancel", "detach"),
    slow: fc.boolean(),
    after: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(write), fc.array(round), async (writes, rounds) => {
      const pieces: Uint8Array[] = [];
      const opt = (slow: boolean) =>
        withStreams(undefined, (chunk) => {
          pieces.push(chunk);
          return slow ? Bun.sleep(1) : undefined;
        });
      const { io, task, attach } = await create(opt(false));
      await io.detach();
      const writing = (async () => {
        let from = 0;
        for (const { size, sleeps } of writes) {
          if (sleeps) await Bun.sleep(1);
          await task.write("stdout", counted(size, from));
          from += size;
        }
        task.exit();
        return from;
      })();
      let copied = 0;
      for (const { how, slow, after } of rounds) {
        const again = await attach(opt(slow));
        await Bun.sleep(after);
        if (how === "detach") await again.detach();
        else again.cancel();
        copied += (await again.wait()).stdout!.bytes;
      }
      const last = await attach(opt(false));
      copied += (await last.wait()).stdout!.bytes;
      const total = await writing;
      expect(copied).toBe(total);
      expect(Buffer.concat(pieces).equals(counted(total))).toBe(true);
    }),
    { numRuns: 40 },
  );
});
