import { tempFolder } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import { closeSync, copyFileSync, linkSync, openSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fifoHolders } from "../../src/holders/index.ts";
import { linux } from "../../src/libc.ts";
import { ffiProvider as mkfifo } from "../../src/make-fifo.ts";
import { asNobody, canBeNobody } from "../support/as-nobody.ts";
import { fifoDirs } from "../support/fifo-dirs.ts";
import { hold, holdByScript } from "../support/hold.ts";

const holdersOf = (path: string) => fifoHolders([path]).holders.get(path)!;
const pidsOf = (path: string) => holdersOf(path).map(({ pid }) => pid);

function newFIFO(folder: { file(name: string): string }, name = "t-stdout"): string {
  mkfifo(folder.file(name), 0o600);
  return folder.file(name);
}

describe("the processes that hold a FIFO", () => {
  test("are told with what they hold it for", async () => {
    using folder = tempFolder();
    const fifo = newFIFO(folder);
    await using shim = await hold(fifo, 'exec 3<>"$FIFO"');
    await using reader = await hold(fifo, 'exec 3<"$FIFO"');
    await using writer = await hold(fifo, 'exec 3>"$FIFO" 4>"$FIFO"');
    const sleep = { command: "sleep" };
    expect(holdersOf(fifo).toSorted((a, b) => a.pid - b.pid)).toEqual(
      [
        { pid: shim.pid, ...sleep, reads: true, writes: true },
        { pid: reader.pid, ...sleep, reads: true, writes: false },
        { pid: writer.pid, ...sleep, reads: false, writes: true },
      ].toSorted((a, b) => a.pid - b.pid),
    );
    await reader.end();
    expect(pidsOf(fifo)).not.toContain(reader.pid);
  });

  test("are told for each of several FIFOs, this process among them", async () => {
    using folder = tempFolder();
    const [a, b, c] = ["a", "b", "c"].map((name) => newFIFO(folder, name)) as [
      string,
      string,
      string,
    ];
    await using both = await hold(a, `exec 3<>"$FIFO" 4<>"${b}"`);
    const ours = openSync(b, linux.O_RDONLY | linux.O_NONBLOCK);
    try {
      const { holders } = fifoHolders([a, b, c, b]);
      expect([...holders.keys()]).toEqual([a, b, c]);
      expect(holders.get(a)).toMatchObject([{ pid: both.pid }]);
      const us = { pid: process.pid, command: expect.stringContaining("bun") };
      expect(holders.get(b)).toContainEqual({ ...us, reads: true, writes: false });
      expect(holders.get(b)).toHaveLength(2);
      expect(holders.get(c)).toEqual([]);
    } finally {
      closeSync(ours);
    }
  });

  test("with both ends in two fds, read and write", async () => {
    using folder = tempFolder();
    const fifo = newFIFO(folder);
    await using _shim = await hold(fifo, 'exec 3<>"$FIFO" 4>"$FIFO" 5<"$FIFO" 3>&-');
    expect(holdersOf(fifo)).toMatchObject([{ reads: true, writes: true }]);
  });

  test("are found after a rename, and by another name of it", async () => {
    using folder = tempFolder();
    const fifo = newFIFO(folder);
    await using holder = await hold(fifo, 'exec 3<>"$FIFO"');
    renameSync(fifo, folder.file("renamed"));
    linkSync(folder.file("renamed"), folder.file("linked"));
    expect(pidsOf(folder.file("renamed"))).toEqual([holder.pid]);
    expect(pidsOf(folder.file("linked"))).toEqual([holder.pid]);
  });

  test("are not those of another FIFO of the same name, nor of one that was there before", async () => {
    using folder = tempFolder();
    using other = tempFolder();
    const fifo = newFIFO(folder);
    await using _before = await hold(fifo, 'exec 3<>"$FIFO"');
    await using _other = await hold(newFIFO(other), 'exec 3<>"$FIFO"');
    await Bun.$`rm ${fifo}`;
    expect(pidsOf(newFIFO(folder))).toEqual([]);
  });

  test("are not those that have its name only (O_PATH)", () => {
    using folder = tempFolder();
    const fifo = newFIFO(folder);
    const fd = openSync(fifo, linux.O_PATH);
    expect(holdersOf(fifo)).toEqual([]);
    closeSync(fd);
  });

  test("are found where the first thread has ended and another goes on", async () => {
    using folder = tempFolder();
    const fifo = newFIFO(folder);
    await using holder = await holdByScript("first-thread-ends.ts", fifo);
    expect(holdersOf(fifo)).toMatchObject([{ pid: holder.pid, reads: true, writes: true }]);
  });
});

describe("the command of a process", () => {
  const program = async (name: string) => {
    using folder = tempFolder();
    copyFileSync(Bun.which("sleep")!, folder.file(name));
    const fifo = newFIFO(folder);
    await using _holder = await hold(fifo, 'exec 3<>"$FIFO"', folder.file(name));
    return holdersOf(fifo)[0]!.command;
  };

  test("is its program's name, however long", async () => {
    expect(await program("shim")).toBe("shim");
    expect(await program("containerd-shim-runc-v2")).toBe("containerd-shim-runc-v2");
  });

  test("has nothing in it that a terminal would obey", async () => {
    expect(await program("a\x1b[2Jb")).toBe("a?[2Jb");
  });
});

describe("nobody holds", () => {
  test.each(["no path", "file", "."])("%j", (name) => {
    using folder = tempFolder();
    writeFileSync(folder.file("file"), "");
    const path = join(folder.path, name);
    const fd = openSync(folder.file("file"), "r");
    expect(fifoHolders([path])).toEqual({ holders: new Map([[path, []]]), incomplete: undefined });
    closeSync(fd);
  });
});

describe.if(canBeNobody)("a user that may not look into all processes", () => {
  test("is told so", async () => {
    using folder = tempFolder();
    const fifo = newFIFO(folder);
    await using _holder = await hold(fifo, 'exec 3<>"$FIFO"');
    await Bun.$`chmod 755 ${folder.path}`;
    const code = `const { holders: of, incomplete } = holders.fifoHolders([process.env.FIFO]);
      return [[...of], incomplete];`;
    expect(await asNobody(code, { FIFO: fifo })).toEqual([
      [[fifo, []]],
      expect.stringMatching(
        /^process \d+ \(.+\) and \d+ more may not be looked into \(EACCES\): look as root$/,
      ),
    ]);
  });

  test("is told when a FIFO may not be looked up", async () => {
    using folder = tempFolder();
    const code = "return holders.fifoHolders([process.env.FIFO]).incomplete;";
    expect(await asNobody(code, { FIFO: newFIFO(folder) })).toContain("EACCES");
  });
});

describe.if(canBeNobody)("in a PID namespace of its own", () => {
  test("a process is told that others are out of sight", async () => {
    using folder = tempFolder();
    const index = join(import.meta.dir, "../../src/holders/index.ts");
    const code = `import { fifoHolders } from "${index}"; console.log(fifoHolders(["${newFIFO(folder)}"]).incomplete)`;
    const child = Bun.spawn(["unshare", "--pid", "--fork", "--mount-proc", "bun", "-e", code]);
    expect(await child.stdout.text()).toContain("outside this PID namespace");
  });
});

test("on another system nothing is known, and nothing abandoned", async () => {
  using dirs = fifoDirs();
  dirs.make("a", "t-stdout");
  const index = join(import.meta.dir, "../../src/holders/index.ts");
  const code = `
    Object.defineProperty(process, "platform", { value: "darwin" });
    const { abandonedFIFODirs, fifoHolders, unreadBytes } = await import("${index}");
    const path = "${dirs.at("a", "t-stdout")}";
    await Bun.sleep(20);
    const found = await abandonedFIFODirs({ dir: "${dirs.path}", named: [], olderThan: 10 });
    const reasons = [fifoHolders([path]).incomplete, ...found.unknown.map(({ reason }) => reason)];
    console.log(JSON.stringify([reasons, found.abandoned, unreadBytes(path, [process]) ?? null]));`;
  const child = Bun.spawn(["bun", "-e", code]);
  const reason = expect.stringContaining("need Linux, this is darwin");
  expect(await child.stdout.json()).toEqual([[reason, reason], [], null]);
});
