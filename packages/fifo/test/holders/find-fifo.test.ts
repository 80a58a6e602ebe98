import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import { closeSync, constants, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { newFIFOSet, withStreams } from "@taskio/core";
import { findFIFO } from "../../src/holders/index.ts";
import { newAttach } from "../../src/index.ts";
import { ffiProvider as mkfifo } from "../../src/make-fifo.ts";
import { asNobody, canBeNobody } from "../support/as-nobody.ts";
import { hold } from "../support/hold.ts";
import { tempFolder } from "@taskio/test-support";

const { O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/** A FIFO that goes away with its scope. */
function newFIFO(): Disposable & { readonly path: string } {
  const folder = tempFolder();
  const path = folder.file("t-stdout");
  mkfifo(path, 0o600);
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const open = (path: string, access: number) => openSync(path, access | O_NONBLOCK);

/** Reads an output into a sink, as a client that attaches does. */
function attach(path: string, sink: (chunk: Uint8Array) => void | Promise<void> = () => {}) {
  const config = { terminal: false, stdin: "", stdout: path, stderr: "" };
  return newAttach(withStreams(undefined, sink))(newFIFOSet(config));
}

/** What becomes of a wait in a time in which nothing else may happen. */
const soon = <T>(wait: Promise<T>) => Promise.race([wait, Bun.sleep(100).then(() => "waits")]);

describe("the end of a FIFO", () => {
  test.each(["at its path", "removed", "renamed"])(
    "is told to a reader that came too late, %s",
    async (where) => {
      using fifo = newFIFO();
      using found = findFIFO(fifo.path);
      await using io = await attach(fifo.path);
      if (where === "removed") unlinkSync(fifo.path);
      if (where === "renamed") renameSync(fifo.path, `${fifo.path}-other`);
      expect(await soon(io.wait())).toBe("waits");
      expect(found.isEndless).toBe(true);
      found.end();
      expect((await io.wait()).stdout).toMatchObject({ bytes: 0, end: "eof" });
      expect(found.isEndless).toBeUndefined(); // it is read no more
    },
  );

  test("comes after what is in it, at the pace of its sink", async () => {
    using fifo = newFIFO();
    using found = findFIFO(fifo.path);
    const shim = open(fifo.path, O_RDWR);
    writeSync(shim, new Uint8Array(60_000));
    const reader = open(fifo.path, O_RDONLY); // what was written stays
    closeSync(shim);
    let taken = 0;
    const slow = async ({ length }: Uint8Array) => {
      await Bun.sleep(200);
      taken += length;
    };
    await using io = await attach(fifo.path, slow);
    found.end();
    expect((await io.wait()).stdout).toMatchObject({
      bytes: 60_000,
      unacknowledged: 0,
      end: "eof",
    });
    expect(taken).toBe(60_000);
    closeSync(reader);
  });

  test("comes when other writers have gone", async () => {
    using fifo = newFIFO();
    using found = findFIFO(fifo.path);
    await using shim = await hold(fifo.path, 'exec 3<>"$FIFO"; printf 12345 >&3');
    await using io = await attach(fifo.path);
    expect(found.isEndless).toBe(false);
    found.end();
    expect(await soon(io.wait())).toBe("waits");
    await shim.end();
    expect((await io.wait()).stdout).toMatchObject({ bytes: 5, end: "eof" });
  });

  test("may be told to nobody, and of a FIFO that is disposed of", async () => {
    using fifo = newFIFO();
    const before = snapshotResources();
    const found = findFIFO(fifo.path);
    found.end();
    expect(found.isEndless).toBeUndefined();
    found[Symbol.dispose]();
    found[Symbol.dispose]();
    const reader = open(fifo.path, O_RDONLY); // with the number of the fd that was closed, often
    found.end();
    expect(found.isEndless).toBeUndefined();
    closeSync(reader);
    await expectNoLeaks(before);
  });

  test.if(canBeNobody)("is not told where it may not be written to", async () => {
    using fifo = newFIFO();
    const shell = "chmod 755 $(dirname $FIFO) && chmod 644 $FIFO";
    await Bun.$`sh -c ${shell}`.env({ ...process.env, FIFO: fifo.path });
    const code = `
      const fs = await import("node:fs");
      fs.openSync(process.env.FIFO, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      const fifo = holders.findFIFO(process.env.FIFO);
      try { fifo.end(); } catch ({ code }) { return [fifo.isEndless, code]; }`;
    expect(await asNobody(code, { FIFO: fifo.path })).toEqual([true, "PERMISSION"]);
  });
});

test("whether it is read is not known while fds are used up", async () => {
  using fifo = newFIFO();
  const index = join(import.meta.dir, "../../src/holders/index.ts");
  const program = `
    import { closeSync, constants, openSync } from "node:fs";
    import { findFIFO } from ${JSON.stringify(index)};
    const fifo = findFIFO(process.env.FIFO);
    const open = () => openSync(process.env.FIFO, constants.O_RDONLY | constants.O_NONBLOCK);
    const fds = [open()];
    const look = () => { try { return fifo.isEndless; } catch ({ code }) { return code; } };
    const seen = [look()];
    try { for (;;) fds.push(open()); } catch { seen.push(look()); }
    fds.splice(1).forEach(closeSync);
    console.log(JSON.stringify([...seen, look()]));`;
  const limited = ["sh", "-c", 'ulimit -n 128; exec "$@"', "sh"];
  const child = Bun.spawn([...limited, process.execPath, "-e", program], {
    env: { ...process.env, FIFO: fifo.path },
    stdout: "pipe",
  });
  expect(JSON.parse(await child.stdout.text())).toEqual([true, "UNAVAILABLE", true]);
});

test("what is no FIFO is not found", () => {
  using fifo = newFIFO();
  expect(() => findFIFO(`${fifo.path}-none`)).toThrow(
    expect.objectContaining({ code: "NOT_FOUND" }),
  );
  expect(() => findFIFO("/dev/null")).toThrow(expect.objectContaining({ code: "NOT_FIFO" }));
});
