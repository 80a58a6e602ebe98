import { TaskIOError, withFIFODir, withStreams, withTerminal } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newCreator } from "../src/index.ts";
import { withoutLeaks } from "./support/leaks.ts";

const sink = () => {};
const file = (path: string) => path.split("/").at(-1);

describe("the streams of a new task", () => {
  test("are FIFOs in a fresh folder, for the user only, which close removes", () =>
    withoutLeaks(async (dir) => {
      const root = join(dir, "made", "here");
      const create = newCreator(withStreams(new Uint8Array(1), sink, sink), withFIFODir(root));
      const [a, b] = await Promise.all([create("t"), create("t")]);
      expect(dirname(a.config.stdout)).not.toBe(dirname(b.config.stdout));
      for (const { config } of [a, b]) {
        expect(dirname(dirname(config.stdin))).toBe(root);
        expect(readdirSync(dirname(config.stdin)).sort()).toEqual([
          "t-stderr",
          "t-stdin",
          "t-stdout",
        ]);
        for (const path of [config.stdin, config.stdout, config.stderr]) {
          expect(statSync(path).isFIFO()).toBe(true);
          expect(statSync(path).mode & 0o077).toBe(0);
        }
        expect(statSync(dirname(config.stdin)).mode & 0o777).toBe(0o700);
      }
      expect(statSync(root).mode & 0o777).toBe(0o700);
      await Promise.all([a.close(), a.close(), b[Symbol.asyncDispose]()]);
      expect(readdirSync(root)).toEqual([]);
      await Bun.spawn(["rmdir", root, join(dir, "made")]).exited;
    }));

  test("that are not wired are /dev/null, or empty for stdin and for all", () =>
    withoutLeaks(async (dir) => {
      const config = async (...streams: Parameters<typeof withStreams>) => {
        await using io = await newCreator(withStreams(...streams), withFIFODir(dir))("t");
        const { stdin, stdout, stderr } = io.config;
        return [stdin, stdout, stderr].map(file);
      };
      expect(await config(undefined, sink)).toEqual(["", "t-stdout", "null"]);
      expect(await config(undefined, undefined, sink)).toEqual(["", "null", "t-stderr"]);
      expect(await config(new Uint8Array(1))).toEqual(["t-stdin", "null", "null"]);
      expect(await config()).toEqual(["", "", ""]);
      expect(readdirSync(dir)).toEqual([]);
    }));

  test("with a terminal have no stderr, not even a FIFO (c#4342)", () =>
    withoutLeaks(async (dir) => {
      const create = newCreator(withStreams(0, sink, sink), withTerminal, withFIFODir(dir));
      await using io = await create("t");
      expect(io.config).toMatchObject({ terminal: true, stderr: "" });
      expect(readdirSync(dirname(io.config.stdout)).sort()).toEqual(["t-stdin", "t-stdout"]);
      expect((await cancelled(io)).stderr).toBeUndefined();
    }));

  test("carry what the task writes and reads", () =>
    withoutLeaks(async (dir) => {
      const text = { stdout: "", stderr: "" };
      const into = (name: "stdout" | "stderr") => (chunk: Uint8Array) =>
        void (text[name] += new TextDecoder().decode(chunk));
      const create = newCreator(
        withStreams(new Blob(["to stdin"]), into("stdout"), into("stderr")),
        withFIFODir(dir),
      );
      await using io = await create("t");
      await using task = spawnTask(io.config, ["sh", "-c", "cat; echo err >&2"]);
      expect(await io.stdinDone).toEqual({ bytes: 8, discarded: 0, unacknowledged: 0, end: "eof" });
      task.closeIO();
      expect(Object.keys(await io.wait())).toEqual(["stdin", "stdout", "stderr"]);
      expect(text).toEqual({ stdout: "to stdin", stderr: "err\n" });
      await task.exited;
    }));
});

describe("close", () => {
  test("leaves what others put into the folder (c#4123)", () =>
    withoutLeaks(async (dir) => {
      const io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
      const folder = dirname(io.config.stdout);
      writeFileSync(join(folder, "theirs"), "keep");
      await io.close();
      expect(readdirSync(folder)).toEqual(["theirs"]);
      await Bun.spawn(["rm", "-r", folder]).exited;
    }));

  test("leaves a file that took a FIFO's name (c#4123)", () =>
    withoutLeaks(async (dir) => {
      const io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
      await Bun.spawn(["rm", io.config.stdout]).exited;
      writeFileSync(io.config.stdout, "keep");
      await io.close();
      expect(existsSync(io.config.stdout)).toBe(true);
      await Bun.spawn(["rm", "-r", dirname(io.config.stdout)]).exited;
    }));

  test("removes nothing after a detach", () =>
    withoutLeaks(async (dir) => {
      const io = await newCreator(withStreams(undefined, sink), withFIFODir(dir))("t");
      await io.detach();
      await io.close();
      await io[Symbol.asyncDispose]();
      expect(statSync(io.config.stdout).isFIFO()).toBe(true);
      await Bun.spawn(["rm", "-r", dirname(io.config.stdout)]).exited;
    }));
});

describe("refused, with nothing left behind", () => {
  test.each(["", "a b", "-a", "a/b", "../x", "a..b", "x".repeat(77), "é"])("the id %j", (id) =>
    withoutLeaks(async (dir) => {
      const root = join(dir, "never-made");
      const create = newCreator(withStreams(undefined, sink), withFIFODir(root));
      await expect(create(id)).rejects.toMatchObject({ code: "INVALID_ID" });
      expect(existsSync(root)).toBe(false);
    }),
  );

  test("a terminal without stdout", () =>
    withoutLeaks(async (dir) => {
      const create = newCreator(withTerminal, withStreams(0), withFIFODir(dir));
      await expect(create("t")).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    }));

  test("an aborted signal, with its reason", () =>
    withoutLeaks(async (dir) => {
      const create = newCreator(withStreams(undefined, sink), withFIFODir(dir));
      await expect(create("t", { signal: AbortSignal.abort("why") })).rejects.toBe("why");
      const abort = new AbortController();
      const creating = create("t", { signal: abort.signal });
      abort.abort("late");
      await expect(creating).rejects.toBe("late");
    }));

  test("a FIFO dir that is a file, or may not be written, naming it and the option", async () => {
    using folder = tempFolder();
    writeFileSync(folder.file("file"), "");
    const create = newCreator(withStreams(undefined, sink), withFIFODir(folder.file("file/sub")));
    const failure = (await create("t").catch((error) => error)) as TaskIOError;
    expect(failure).toBeInstanceOf(TaskIOError);
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", errno: "ENOTDIR" });
    expect(failure.message).toContain(folder.file("file/sub"));
    expect(failure.message).toContain("withFIFODir");
    if (process.geteuid!() === 0) return; // root may write anywhere
    mkdirSync(folder.file("sealed"));
    chmodSync(folder.file("sealed"), 0o500);
    const sealed = newCreator(withStreams(undefined, sink), withFIFODir(folder.file("sealed/x")));
    await expect(sealed("t")).rejects.toMatchObject({ code: "PERMISSION" });
  });

  test("500 times in a row: no fd, thread or folder more (c#9668, c#13952, f#56)", () =>
    withoutLeaks(async (dir) => {
      const create = newCreator(withStreams(new Uint8Array(1), sink, 9999), withFIFODir(dir));
      for (let i = 0; i < 500; i++) await create(`t${i}`).catch(() => {});
      const closing = newCreator(withStreams(new Uint8Array(1), sink, sink), withFIFODir(dir));
      for (let i = 0; i < 500; i++) await (await closing(`t${i}`)).close();
    }));
});

async function cancelled(io: { cancel(): void; wait(): Promise<{ stderr?: unknown }> }) {
  io.cancel();
  return io.wait();
}
