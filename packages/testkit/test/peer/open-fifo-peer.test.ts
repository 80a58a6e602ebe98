import type { Config } from "@taskio/core";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fs, { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectNoLeaks, openFifoPeer, type Resources, snapshotResources } from "../../src/index.ts";
import { NonblockingFD } from "../../src/streams/nonblocking-fd.ts";

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

describe("openFifoPeer", () => {
  let dir: string;
  let config: Config;
  let before: Resources;

  beforeEach(async () => {
    dir = fs.mkdtempSync(join(tmpdir(), "testkit-"));
    const [stdin, stdout] = ["in", "out"].map((name) => join(dir, name)) as [string, string];
    Bun.spawnSync(["mkfifo", stdin, stdout]);
    config = { terminal: false, stdin, stdout, stderr: "/dev/null" };
    await Bun.sleep(1); // the event loop's own fds
    before = snapshotResources();
  });

  afterEach(async () => {
    await expectNoLeaks(before);
    fs.rmSync(dir, { recursive: true });
  });

  function open(path: string, mode: number): NonblockingFD {
    return new NonblockingFD(fs.openSync(path, mode | O_NONBLOCK));
  }

  test("writes more than the FIFO holds while it is read, and ends it", async () => {
    const peer = openFifoPeer(config);
    const reader = open(config.stdout, O_RDONLY);
    const seen = Array.fromAsync(reader.chunks());
    await peer.write("stdout", new Uint8Array(1_000_000).fill(7));
    await peer.write("stderr", new Uint8Array(1_000_000)); // not wired
    await peer.exit();
    expect(Buffer.concat(await seen).equals(Buffer.alloc(1_000_000, 7))).toBe(true);
    reader.close();
  });

  test("keeps what it wrote while nobody reads, and rejects a write that its exit cuts short", async () => {
    const peer = openFifoPeer(config);
    const written = peer.write("stdout", new Uint8Array(100_000));
    await Bun.sleep(5);
    const reader = open(config.stdout, O_RDONLY);
    await peer.exit();
    await peer.exit();
    await expect(written).rejects.toMatchObject({ code: "CLOSED" });
    let length = 0;
    for await (const chunk of reader.chunks()) length += chunk.length;
    expect(length).toBe(65_536);
    reader.close();
  });

  test("reads stdin over several writers, to its end after closeIO", async () => {
    const peer = openFifoPeer(config);
    const seen = Array.fromAsync(peer.readStdin());
    for (const text of ["one ", "two"]) {
      const writer = open(config.stdin, O_WRONLY);
      await writer.writeAll(Buffer.from(text));
      writer.close();
      await Bun.sleep(5);
    }
    await peer.closeIO();
    expect(Buffer.concat(await seen).toString()).toBe("one two");
    await peer.exit();
  });

  test("a missing FIFO leaves nothing open", async () => {
    expect(() => openFifoPeer({ ...config, stdin: join(dir, "missing") })).toThrow(
      expect.objectContaining({ code: "NOT_FOUND" }),
    );
    await expectNoLeaks(before, { timeout: 0 });
  });
});
