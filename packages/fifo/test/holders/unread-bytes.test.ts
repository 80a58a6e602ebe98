import { tempFolder } from "@taskio/test-support";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { fifoHolders, unreadBytes } from "../../src/holders/index.ts";
import { libc, linux } from "../../src/libc.ts";
import { ffiProvider as mkfifo } from "../../src/make-fifo.ts";
import { asNobody, canBeNobody } from "../support/as-nobody.ts";
import { hold } from "../support/hold.ts";

const { O_NONBLOCK, O_RDONLY, O_RDWR } = linux;
const capacity = 65_536;

/** A FIFO that goes away with its scope. */
function newFIFO(): Disposable & { readonly path: string } {
  const folder = tempFolder();
  const path = folder.file("t-stdout");
  mkfifo(path, 0o600);
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const holdersOf = (path: string) => fifoHolders([path]).holders.get(path)!;

/** How many fds a process has on a file. */
function fdsOn(path: string, pid: number): number {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  return links.filter((link) => existsSync(link) && readlinkSync(link) === path).length;
}

describe("how full a FIFO is", () => {
  test("is told by a process that has it open", async () => {
    using fifo = newFIFO();
    await using shim = await hold(fifo.path, 'exec 3<>"$FIFO"; printf 12345 >&3');
    expect(unreadBytes(fifo.path, [shim])).toEqual({ bytes: 5, capacity, full: false });
    expect(unreadBytes(fifo.path, holdersOf(fifo.path))).toMatchObject({ bytes: 5 });
  });

  test("is told by this process too, with the size that the pipe has", () => {
    using fifo = newFIFO();
    const fd = openSync(fifo.path, O_RDWR | O_NONBLOCK);
    libc().fcntl(fd, linux.F_SETPIPE_SZ, 4096);
    writeSync(fd, new Uint8Array(4096));
    expect(unreadBytes(fifo.path, [process])).toEqual({ bytes: 4096, capacity: 4096, full: true });
    closeSync(fd);
  });

  test("is full when a writer waits, which may be long before all bytes are taken", async () => {
    using fifo = newFIFO();
    await using shim = await hold(fifo.path, 'exec 3<>"$FIFO"');
    const env = { ...process.env, FIFO: fifo.path };
    await using _task = Bun.spawn(["sh", "-c", 'exec dd if=/dev/zero bs=3000 > "$FIFO"'], { env });
    const look = () => unreadBytes(fifo.path, [shim])!;
    for (let i = 0; i < 500 && !look().full; i++) await Bun.sleep(10);
    expect(look().full).toBe(true);
    expect(look().bytes).toBeLessThan(look().capacity - 4096);
  });

  test("is told by a reader, but for whether it is full", async () => {
    using fifo = newFIFO();
    const ours = openSync(fifo.path, O_RDWR | O_NONBLOCK);
    writeSync(ours, "123");
    await using reader = await hold(fifo.path, 'exec 3<"$FIFO"');
    expect(unreadBytes(fifo.path, [reader])).toEqual({ bytes: 3, capacity, full: undefined });
    closeSync(ours);
  });

  test("is told by the first holder that is still there", async () => {
    using fifo = newFIFO();
    await using gone = await hold(fifo.path, 'exec 3<>"$FIFO"');
    await using shim = await hold(fifo.path, 'exec 3<>"$FIFO"; printf 1 >&3');
    await gone.end();
    expect(unreadBytes(fifo.path, [gone, shim])).toMatchObject({ bytes: 1 });
  });
});

describe("nobody tells of", () => {
  test("a FIFO that is not held, not there, or another of that name", async () => {
    using fifo = newFIFO();
    expect(unreadBytes(fifo.path, [])).toBeUndefined();
    expect(unreadBytes(fifo.path, [process])).toBeUndefined();
    expect(unreadBytes(`${fifo.path}-none`, [process])).toBeUndefined();
    await using other = await hold(fifo.path, 'exec 3<>"$FIFO"');
    await Bun.$`rm ${fifo.path}`;
    expect(unreadBytes(fifo.path, [other])).toBeUndefined();
    mkfifo(fifo.path, 0o600);
    expect(unreadBytes(fifo.path, [other])).toBeUndefined();
  });

  test("a FIFO whose holder has its name only (O_PATH)", () => {
    using fifo = newFIFO();
    const fd = openSync(fifo.path, linux.O_PATH);
    expect(unreadBytes(fifo.path, [process])).toBeUndefined();
    closeSync(fd);
  });

  test.if(canBeNobody)("a FIFO that another user's process holds", async () => {
    using fifo = newFIFO();
    await using shim = await hold(fifo.path, 'exec 3<>"$FIFO"');
    chmodSync(dirname(fifo.path), 0o755);
    const code =
      "return holders.unreadBytes(process.env.FIFO, [{ pid: +process.env.PID }]) ?? null";
    expect(await asNobody(code, { FIFO: fifo.path, PID: `${shim.pid}` })).toBeNull();
  });
});

describe("1000 looks into a FIFO", () => {
  const reader = (fifo: string) =>
    Bun.spawn(["bun", `${import.meta.dir}/../support/waiting-reader.ts`, fifo], { stdout: "pipe" });

  async function look(path: string, pid: number): Promise<void> {
    const before = snapshotResources();
    for (let i = 0; i < 1000; i++) expect(unreadBytes(path, [{ pid }])).toMatchObject({ bytes: 0 });
    expect(fdsOn(path, pid)).toBe(1);
    await expectNoLeaks(before);
  }

  test("wake no reader that waits for its first writer, and leave no fd", async () => {
    using fifo = newFIFO();
    await using waiting = reader(fifo.path);
    const output = waiting.stdout.getReader();
    await output.read(); // it waits
    await look(fifo.path, waiting.pid);
    await Bun.spawn(["sh", "-c", 'printf one > "$FIFO"'], { env: { FIFO: fifo.path } }).exited;
    expect(await rest(output)).toBe("one\nend\n");
  });

  test("wake no reader whose writer is silent, and leave no fd", async () => {
    using fifo = newFIFO();
    await using waiting = reader(fifo.path);
    const output = waiting.stdout.getReader();
    await output.read();
    await using writer = await hold(fifo.path, 'exec 3>"$FIFO"');
    await look(fifo.path, writer.pid);
    await look(fifo.path, waiting.pid);
    await writer.end();
    expect(await rest(output)).toBe("end\n");
  });

  test("are not noticed by a writer that waits for room, and take no byte", async () => {
    using fifo = newFIFO();
    const readEnd = openSync(fifo.path, O_RDONLY | O_NONBLOCK);
    const env = { ...process.env, FIFO: fifo.path };
    await using writer = Bun.spawn(["sh", "-c", 'seq 1 100000 > "$FIFO"'], { env });
    const holders = () => holdersOf(fifo.path).filter(({ pid }) => pid !== process.pid);
    for (let i = 0; i < 500 && !unreadBytes(fifo.path, holders())?.full; i++) await Bun.sleep(10);
    const its = holders();
    const at = unreadBytes(fifo.path, its)!;
    expect(at.full).toBe(true);
    for (let i = 0; i < 1000; i++) expect(unreadBytes(fifo.path, its)).toEqual(at);
    const reading = Bun.spawn(["cat"], { stdin: readEnd, stdout: "pipe" });
    closeSync(readEnd);
    const expected = Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join("");
    expect((await reading.stdout.text()) === expected).toBe(true);
    expect(await writer.exited).toBe(0);
  });
});

interface Output {
  read(): Promise<{ value?: Uint8Array | undefined }>;
}

/** What comes until the end. */
async function rest(output: Output): Promise<string> {
  let text = "";
  for (;;) {
    const { value } = await output.read();
    if (!value) return text;
    text += new TextDecoder().decode(value);
  }
}
