import { type IO, newFIFOSet, type Source, withStreams } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync, writeFileSync } from "node:fs";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { pipe } from "../src/pipe.ts";
import { withoutLeaks } from "./support/leaks.ts";

// c#4107: a shim hangs a terminal up when it reads an end of stdin. It opens stdin for reading and, in
// another thread, for writing, which may be later than a short source has come and gone.

interface Opened extends Disposable {
  readonly source: Source;
}

function file(folder: string, text: string): Opened {
  const path = `${folder}/typed`;
  writeFileSync(path, text);
  const fd = openSync(path, "r");
  return { source: fd, [Symbol.dispose]: () => closeSync(fd) };
}

function endedPipe(): Opened {
  const [readEnd, writeEnd] = pipe();
  closeSync(writeEnd);
  return { source: readEnd, [Symbol.dispose]: () => closeSync(readEnd) };
}

const sources: Record<string, { open(folder: string): Opened; typed: string }> = {
  "no bytes": { open: () => ({ source: new Uint8Array(), [Symbol.dispose]() {} }), typed: "" },
  "some bytes": {
    open: () => ({ source: Buffer.from("ls\n"), [Symbol.dispose]() {} }),
    typed: "ls\n",
  },
  "an empty file (fd)": { open: (folder) => file(folder, ""), typed: "" },
  "a file (fd)": { open: (folder) => file(folder, "ls\n"), typed: "ls\n" },
  "a pipe that has ended (fd)": { open: endedPipe, typed: "" },
};

/** What a shim gets that has opened the reading end alone. */
class Shim implements Disposable {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(100);

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** `"EAGAIN"` when there is nothing now, `""` at the end. */
  read(): string {
    try {
      return this.#buffer.toString("utf8", 0, readSync(this.#fd, this.#buffer));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code!;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

const ways: Record<string, (io: IO) => Promise<unknown>> = {
  close: (io) => io.close(),
  detach: (io) => io.detach(),
};

describe("a terminal's stdin does not end with its source, only at", () => {
  for (const [way, leave] of Object.entries(ways)) {
    test.each(Object.entries(sources))(`${way}: %s`, (_, { open, typed }) =>
      withoutLeaks(async (dir) => {
        using folder = tempFolder();
        using opened = open(folder.path);
        await using fifos = await newFIFOSetInDir(dir, "t", true);
        const set = newFIFOSet(fifos.config);
        await using io = await newAttach(withStreams(opened.source, () => {}))(set);
        using shim = new Shim(fifos.config.stdin);
        expect(await io.stdinDone).toMatchObject({ bytes: typed.length, end: "eof" });
        if (typed) expect(shim.read()).toBe(typed);
        expect(shim.read()).toBe("EAGAIN");
        await leave(io);
        expect(shim.read()).toBe("");
      }),
    );
  }
});

test("a terminal's stdin is let go when its output has ended, closed or not", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", true);
    const attach = newAttach(withStreams(new Uint8Array(), () => {}));
    const io = await attach(newFIFOSet(fifos.config));
    using shim = new Shim(fifos.config.stdin);
    await io.stdinDone;
    expect(shim.read()).toBe("EAGAIN");
    closeSync(openSync(fifos.config.stdout, constants.O_WRONLY));
    await io.wait();
    expect(shim.read()).toBe("");
  }));

test("without a terminal it ends with its source", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    const set = newFIFOSet(fifos.config);
    await using io = await newAttach(withStreams(new Uint8Array(), () => {}))(set);
    using shim = new Shim(fifos.config.stdin);
    await io.stdinDone;
    expect(shim.read()).toBe("");
  }));

test("a terminal's stdin whose reader never comes is given up at close", () =>
  withoutLeaks(async (dir) => {
    await using fifos = await newFIFOSetInDir(dir, "t", true);
    const io = await newAttach(withStreams(new Uint8Array(), () => {}))(newFIFOSet(fifos.config));
    await io.close();
    expect(await io.stdinDone).toMatchObject({ end: "stopped" });
  }));
