import { newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
import { tempFolder, until } from "@taskio/test-support";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newAttach, newCreator, newFIFOSetInDir } from "../src/index.ts";
import { BUSY, FREE, IDLE, STATE, STRIDE, WATCHED } from "../src/reactor/layout.ts";
import { Reactor } from "../src/reactor/reactor.ts";
import { withoutLeaks } from "./support/leaks.ts";

describe("when the reactor's thread dies", () => {
  test("streams end with ENGINE_FAILED, and the next attach goes on without a gap", () =>
    withoutLeaks(async (dir) => {
      using folder = tempFolder();
      await using fifos = await newFIFOSetInDir(dir, "t", false);
      await using task = spawnTask(fifos.config, countingCommand());
      const output = new CountedOutput();
      for (let i = 0; i < 5; i++) {
        const fd = openSync(folder.file("out"), "w");
        const io = await newAttach(withStreams(0, fd, () => {}))(newFIFOSet(fifos.config));
        await Bun.sleep(20);
        Reactor.get().terminate();
        const { stdout, stderr } = await io.wait();
        const error = { code: "ENGINE_FAILED" };
        expect([stdout, stderr]).toMatchObject([
          { end: "failed", error },
          { end: "failed", error },
        ]);
        output.push(readFileSync(folder.file("out")));
        await io.detach();
        closeSync(fd);
      }
      expect(output.lines).toBeGreaterThan(1000);
      task.kill();
    }));

  test("a function that is busy with output does not even notice", () =>
    withoutLeaks(async (dir) => {
      const output = new CountedOutput();
      const create = newCreator(
        withStreams(undefined, (chunk) => output.push(chunk)),
        withFIFODir(dir),
      );
      await using io = await create("t");
      await using task = spawnTask(io.config, countingCommand(5_000_000));
      await untilSome(output);
      Reactor.get().terminate();
      const { stdout } = await io.wait();
      if (stdout!.end === "eof") output.end(5_000_000);
      else expect(stdout!.error).toMatchObject({ code: "ENGINE_FAILED" }); // it was waiting just then
      task.kill();
    }));

  test("idle, nobody notices", () =>
    withoutLeaks(async (dir) => {
      const reactor = Reactor.get();
      reactor.terminate();
      await until(() => Reactor.get() !== reactor);
      await using io = await newCreator(
        withStreams(undefined, () => {}),
        withFIFODir(dir),
      )("t");
      await using task = spawnTask(io.config, ["echo", "hello"]);
      expect((await io.wait()).stdout).toMatchObject({ bytes: 6, end: "eof" });
      await task.exited;
    }));
});

async function untilSome(output: CountedOutput): Promise<void> {
  while (output.lines < 1000) await new Promise(setImmediate);
}

test("the thread may not move the bytes of what is only watched, whatever its slot was before", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", true);
    await using task = spawnTask(fifos.config, ["cat"]);
    const devNull = openSync("/dev/null", "w");
    const copied = await newAttach(withStreams(undefined, devNull))(newFIFOSet(fifos.config));
    const slots = slotsInUse();
    expect(slots).toHaveLength(1);
    await copied.detach();
    const watched = await newAttach(withStreams(undefined, () => {}))(newFIFOSet(fifos.config));
    await until(() => slotsInUse().length === 1);
    expect(slotsInUse()).toEqual(slots);
    const { words } = Reactor.get().table;
    const state = slots[0]! * STRIDE + STATE; // a late event of the copy would do this
    expect(Atomics.compareExchange(words, state, IDLE, BUSY)).toBe(WATCHED);
    await watched.detach();
    closeSync(devNull);
    task.kill();
  }));

function slotsInUse(): number[] {
  const { words } = Reactor.get().table;
  const states = [...words.keys()].filter((i) => i >= STRIDE && i % STRIDE === STATE);
  return states.filter((i) => words[i] !== FREE).map((i) => i / STRIDE);
}

describe("a program", () => {
  /** Runs a program that imports this package, with a time limit. */
  async function run(source: string): Promise<{ code: number; out: string }> {
    using folder = tempFolder();
    const file = join(import.meta.dir, `.program-${process.pid}-${Date.now()}.ts`);
    writeFileSync(
      file,
      `import { withStreams, withFIFODir } from "@taskio/core";
       import { newCreator } from "../src/index.ts";
       import { spawnTask } from "@taskio/testkit";
       const create = (...s) => newCreator(withStreams(...s), withFIFODir("${folder.path}"))("t");
       ${source}`,
    );
    try {
      const child = Bun.spawn([process.execPath, file], {
        stdout: "pipe",
        stderr: "inherit",
        timeout: 20_000,
      });
      return { out: await new Response(child.stdout).text(), code: await child.exited };
    } finally {
      await Bun.file(file).delete();
    }
  }

  test("stays alive while a copy is pending, and ends by itself after it", async () => {
    const { out, code } = await run(`
      const io = await create(undefined, 1);
      Bun.spawn(["sh", "-c", "sleep 0.2; echo late > " + io.config.stdout]).unref();
      io.wait().then((result) => console.log(result.stdout.end));
    `);
    expect({ out, code }).toEqual({ out: "late\neof\n", code: 0 });
  });

  test("ends by itself after detach and cancel, with the reactor started", async () => {
    const { out, code } = await run(`
      const io = await create(new Uint8Array(1), 1, () => {});
      io.cancel();
      const { stdout } = await io.detach();
      console.log(stdout.end);
    `);
    expect({ out, code }).toEqual({ out: "stopped\n", code: 0 });
  });

  test("with SIGPIPE at its default does not die of a sink that left", async () => {
    const { out, code } = await run(`
      const ignore = () => {};
      process.on("SIGPIPE", ignore);
      process.off("SIGPIPE", ignore);
      const cat = Bun.spawn(["true"], { stdin: "pipe" });
      await cat.exited;
      const { pipe } = await import("../src/pipe.ts");
      const [readEnd, writeEnd] = pipe();
      require("node:fs").closeSync(readEnd);
      const io = await create(undefined, writeEnd);
      const task = spawnTask(io.config, ["seq", "1", "100000"]);
      const { stdout } = await io.wait();
      console.log(stdout.error.code, stdout.discarded, await task.exited);
    `);
    expect({ out, code }).toEqual({ out: "SINK_FAILED 588895 0\n", code: 0 });
  });

  test("that computes does not hold up a copy between fds", async () => {
    const { out, code } = await run(`
      const { openSync, statSync } = require("node:fs");
      const file = "${join(import.meta.dir, ".busy")}" + process.pid;
      const io = await create(undefined, openSync(file, "w"));
      const task = spawnTask(io.config, ["head", "-c", "20000000", "/dev/zero"]);
      for (const end = Date.now() + 5000; statSync(file).size < 20000000 && Date.now() < end; );
      console.log(statSync(file).size);
      require("node:fs").unlinkSync(file);
      await io.wait();
    `);
    expect({ out, code }).toEqual({ out: "20000000\n", code: 0 });
  });
});
