import { newFIFOSet, type TaskIOError } from "@taskio/core";
import { newAttach, newFIFOSetInDir } from "@taskio/fifo";
import { spawnTask } from "@taskio/testkit";
import { describe, expect } from "bun:test";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { withStreams } from "@taskio/core";
import { newDirectIO } from "../src/index.ts";
import { bytes, codeOf } from "./support/bytes.ts";
import { fifoTest } from "./support/fifo-test.ts";

describe("opening", () => {
  fifoTest("gives all streams of the set, before any peer has come", async (folder) => {
    await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
    expect(io.stdin).toBeInstanceOf(WritableStream);
    expect(io.stdout).toBeInstanceOf(ReadableStream);
    expect(io.stderr).toBeInstanceOf(ReadableStream);
  });

  fifoTest("a terminal has no stderr, even if the config names one (c#4342)", async (folder) => {
    const fifos = await newFIFOSetInDir(folder, "t1", false);
    const goConfig = { ...fifos.config, terminal: true };
    await using io = await newDirectIO(newFIFOSet(goConfig, () => fifos.close()));
    expect(io.stderr).toBeUndefined();
    expect(io.config).toEqual(goConfig);
  });

  fifoTest("a stream that is not wired is missing", async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    const { stdout } = fifos.config;
    const config = { terminal: false, stdin: "", stdout, stderr: "/dev/null" };
    await using io = await newDirectIO(newFIFOSet(config));
    expect([io.stdin, io.stderr]).toEqual([undefined, undefined]);
    expect(await io.stdinDone).toBeUndefined();
  });

  fifoTest("nothing wired: nothing to wait for", async () => {
    const config = { terminal: false, stdin: "", stdout: "", stderr: "" };
    await using io = await newDirectIO(newFIFOSet(config));
    expect(await io.wait()).toEqual({});
  });

  fifoTest("an aborted signal is refused with its reason", async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    const reason = new Error("enough");
    const opening = newDirectIO(fifos, { signal: AbortSignal.abort(reason) });
    await expect(opening).rejects.toBe(reason);
  });
});

describe("a failed attach changes nothing", () => {
  const failures: [string, string, (path: string) => string][] = [
    ["a missing path", "NOT_FOUND", (path) => (rmSync(path), path)],
    ["a regular file", "NOT_FIFO", (path) => (rmSync(path), writeFileSync(path, ""), path)],
    ["a log URI (c#6422)", "NOT_ATTACHABLE", () => "file:///var/log/t1.log"],
    ["a streaming URI", "NOT_ATTACHABLE", () => "ttrpc+unix:///run/x?streaming_id=1"],
  ];
  for (const name of ["stdin", "stdout", "stderr"] as const) {
    for (const [what, code, spoil] of failures) {
      fifoTest(`${what} as ${name}`, async (folder) => {
        await using fifos = await newFIFOSetInDir(folder, "t1", false);
        const config = { ...fifos.config, [name]: spoil(fifos.config[name]) };
        let closed = false;
        const set = newFIFOSet(config, () => void (closed = true));
        const before = readdirSync(folder, { recursive: true });
        await expect(newDirectIO(set)).rejects.toMatchObject({ code, path: config[name] });
        expect(closed).toBe(false);
        expect(readdirSync(folder, { recursive: true })).toEqual(before);
        await using io = await newDirectIO(newFIFOSet({ ...fifos.config, [name]: "" }));
        expect(io.config[name]).toBe("");
        rmSync(fifos.config[name], { force: true });
      });
    }
  }

  fifoTest(
    "a second reader is refused, and the first goes on (c#14120, n#3570)",
    async (folder) => {
      await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
      const again = newFIFOSet(io.config);
      const refused = { code: "IN_USE", path: io.config.stdout };
      await expect(newDirectIO(again)).rejects.toMatchObject(refused);
      await expect(newAttach(withStreams(undefined, 1))(again)).rejects.toMatchObject(refused);
      await using task = spawnTask(io.config, ["echo", "hello"]);
      expect(await io.stdout?.text()).toBe("hello\n");
      expect(await task.exited).toBe(0);
    },
  );
});

describe("the life of an IO", () => {
  fifoTest("wait settles when the caller has read both outputs to the end", async (folder) => {
    await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
    await using task = spawnTask(io.config, ["sh", "-c", "echo out; echo error >&2"]);
    let settled = false;
    const waiting = io.wait().finally(() => (settled = true));
    expect(await io.stdout?.text()).toBe("out\n");
    await Bun.sleep(20);
    expect(settled).toBe(false);
    expect(await io.stderr?.text()).toBe("error\n");
    const counts = { discarded: 0, unacknowledged: 0, end: "eof" } as const;
    expect(await waiting).toEqual({
      stdout: { bytes: 4, ...counts },
      stderr: { bytes: 6, ...counts },
    });
    expect(await task.exited).toBe(0);
  });

  fifoTest("aborting a wait stops nothing", async (folder) => {
    await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
    const reason = new Error("enough");
    await expect(io.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await using _task = spawnTask(io.config, ["echo", "hello"]);
    expect(await io.stdout?.text()).toBe("hello\n");
  });

  fifoTest("cancelling one stream ends that one only", async (folder) => {
    await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
    await using _task = spawnTask(io.config, ["sh", "-c", "echo out; echo error >&2"]);
    await io.stderr?.cancel("not wanted");
    expect(await io.stdout?.text()).toBe("out\n");
    const { stdout, stderr } = await io.wait();
    expect([stdout?.end, stderr?.end, stderr?.bytes]).toEqual(["eof", "stopped", 0]);
  });

  fifoTest("close removes what belongs to the set, once", async (folder) => {
    let closed = 0;
    const fifos = await newFIFOSetInDir(folder, "t1", false);
    const io = await newDirectIO(newFIFOSet(fifos.config, () => (closed++, fifos.close())));
    const read = io.stdout!.getReader().read();
    await Promise.all([io.close(), io.close(), codeOf(read)]);
    await io.close();
    io.cancel();
    expect(closed).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(await codeOf(read)).toBe("STOPPED");
  });

  fifoTest("close after detach removes nothing", async (folder) => {
    await using fifos = await newFIFOSetInDir(folder, "t1", false);
    const io = await newDirectIO(fifos);
    await io.detach();
    await io.close();
    expect(existsSync(io.config.stdout)).toBe(true);
  });

  fifoTest("a stopped stream names its path and says what to do", async (folder) => {
    await using io = await newDirectIO(await newFIFOSetInDir(folder, "t1", false));
    io.cancel();
    const error: TaskIOError = await io
      .stdout!.getReader()
      .read()
      .then(
        () => fail(),
        (e) => e,
      );
    expect(error).toMatchObject({ name: "TaskIOError", code: "STOPPED", path: io.config.stdout });
    expect(error.message).toContain("attach again");
    const writing = io.stdin!.getWriter().write(bytes("x"));
    await expect(writing).rejects.toMatchObject({ code: "STOPPED", path: io.config.stdin });
  });
});

function fail(): never {
  throw new Error("a rejection was expected");
}
