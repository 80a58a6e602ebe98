import { type Config, newFIFOSet, withStreams } from "@taskio/core";
import { spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { withoutLeaks } from "./support/leaks.ts";

const sink = () => {};

describe("a failed attach changes nothing: the task's FIFOs stay and a second attach works", () => {
  const breakages: Record<string, { with(config: Config): Config; code: string }> = {
    "a missing stderr, which is not made (c#7680)": {
      with: (config) => ({ ...config, stderr: `${config.stderr}-no` }),
      code: "NOT_FOUND",
    },
    "a missing stdin": {
      with: (config) => ({ ...config, stdin: `${config.stdin}-no` }),
      code: "NOT_FOUND",
    },
    "a stderr that is a file": {
      with(config) {
        writeFileSync(`${config.stderr}-file`, "log");
        return { ...config, stderr: `${config.stderr}-file` };
      },
      code: "NOT_FIFO",
    },
    "a log file (c#6422)": {
      with: (config) => ({ ...config, stderr: "file:///var/log/x" }),
      code: "NOT_ATTACHABLE",
    },
    "a logger (n#2877)": {
      with: (config) => ({ ...config, stderr: "binary:///bin/logger?id=1" }),
      code: "NOT_ATTACHABLE",
    },
    "a streaming URI": {
      with: (config) => ({ ...config, stderr: "ttrpc+unix:///run/x?streaming_id=1" }),
      code: "NOT_ATTACHABLE",
    },
  };

  test.each(Object.entries(breakages))("%s", (_, broken) =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      let closed = 0;
      const config = broken.with(fifos.config);
      const before = readdirSync(dirname(config.stdout)).sort();
      const set = newFIFOSet(config, () => void closed++);
      const attach = newAttach(withStreams(new Uint8Array(1), sink, sink));
      await expect(attach(set)).rejects.toMatchObject({ code: broken.code });
      expect(readdirSync(dirname(config.stdout)).sort()).toEqual(before);
      expect(closed).toBe(0);

      await using io = await attach(newFIFOSet(fifos.config));
      await using task = spawnTask(fifos.config, ["echo", "still here"]);
      expect((await io.wait()).stdout).toMatchObject({ bytes: 11, end: "eof" });
      await task.exited;
      rmSync(`${fifos.config.stderr}-file`, { force: true });
    }),
  );

  test("nor lets a writer go that waits for its reader: what it wrote would be lost", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      const { stdout, stderr } = fifos.config;
      await using writer = Bun.spawn(["sh", "-c", 'echo precious > "$0"', stdout]);
      await Bun.sleep(50);
      const attach = newAttach(withStreams(undefined, sink, sink));
      const failing = attach(newFIFOSet({ ...fifos.config, stderr: `${stderr}-no` }));
      await expect(failing).rejects.toMatchObject({ code: "NOT_FOUND" });
      await using io = await newAttach(withStreams(undefined, sink))(newFIFOSet(fifos.config));
      expect((await io.wait()).stdout).toMatchObject({ bytes: 9, end: "eof" });
      expect(await writer.exited).toBe(0);
    }));

  test("of one FIFO for both outputs, which a task may have", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      const both = newFIFOSet({ ...fifos.config, stderr: fifos.config.stdout });
      const twice = newAttach(withStreams(undefined, sink, sink))(both);
      await expect(twice).rejects.toMatchObject({ code: "INVALID_CONFIG" });
      await using io = await newAttach(withStreams(undefined, sink))(both);
      expect(io.config).toEqual(both.config);
    }));

  test("of a stdin into itself", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      const fd = openSync(fifos.config.stdin, constants.O_RDWR | constants.O_NONBLOCK);
      const itself = newAttach(withStreams(fd, sink))(newFIFOSet(fifos.config));
      await expect(itself).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      closeSync(fd);
    }));

  test("an aborted signal, with its reason", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      const attach = newAttach(withStreams(undefined, sink));
      await expect(attach(fifos, { signal: AbortSignal.abort("no") })).rejects.toBe("no");
      await using io = await attach(fifos);
      expect(io.config).toEqual(fifos.config);
    }));
});

describe("an attach", () => {
  test("names the scheme that it cannot attach to", async () => {
    const config = { terminal: false, stdin: "", stdout: "file:///var/log/x", stderr: "" };
    const attaching = newAttach(withStreams(undefined, sink))(newFIFOSet(config));
    await expect(attaching).rejects.toThrow('"file:///var/log/x" is a file:// stream');
  });

  test("leaves alone what has no sink here or is not wired", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      const config = { ...fifos.config, stderr: "/dev/null", stdin: "" };
      await using io = await newAttach(withStreams(0, undefined, sink))(newFIFOSet(config));
      expect(await io.wait()).toEqual({});
      expect(await io.stdinDone).toBeUndefined();
    }));

  test("changes neither the set nor its config, and reports the config as it is", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      const copy = { ...fifos.config };
      await using io = await newAttach()(fifos);
      expect(fifos.config).toEqual(copy);
      expect(io.config).toEqual(copy);
    }));

  test("closes the set it was given, unless it detached", () =>
    withoutLeaks(async (dir) => {
      const fifos = await newFIFOSetInDir(dir, "t", false);
      const attach = newAttach(withStreams(undefined, sink));
      const first = await attach(fifos);
      await first.detach();
      await first.close();
      expect(existsSync(fifos.config.stdout)).toBe(true);
      await (await attach(fifos)).close();
      expect(readdirSync(dir)).toEqual([]);
    }));

  test("of a terminal takes no stderr", () =>
    withoutLeaks(async (dir) => {
      await using fifos = await newFIFOSetInDir(dir, "t", true);
      expect(fifos.config.stderr).toBe("");
      await using io = await newAttach(withStreams(undefined, sink, sink))(fifos);
      io.cancel();
      expect(Object.keys(await io.wait())).toEqual(["stdout"]);
    }));
});

describe("a FIFO set", () => {
  test("under a missing root, and one in the temp folder for an empty root", () =>
    withoutLeaks(async (dir) => {
      await using deep = await newFIFOSetInDir(join(dir, "a"), "t", false);
      expect(statSync(deep.config.stdin).isFIFO()).toBe(true);
      await using temp = await newFIFOSetInDir("", "t", true);
      expect(statSync(temp.config.stdout).isFIFO()).toBe(true);
      await deep.close();
      await deep.close();
      rmSync(join(dir, "a"), { recursive: true });
    }));
});
