import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectNoLeaks, snapshotResources } from "../../src/index.ts";

describe("expectNoLeaks", () => {
  let dir: string;
  beforeEach(() => void (dir = fs.mkdtempSync(join(tmpdir(), "testkit-"))));
  afterEach(() => fs.rmSync(dir, { recursive: true }));

  async function message(promise: Promise<void>): Promise<string> {
    return promise.then(
      () => "nothing",
      (error: Error) => error.message,
    );
  }

  test("lists an fd that is left open, by number and target", async () => {
    const before = snapshotResources();
    const kept = fs.openSync("/dev/zero", "r");
    const found = await message(expectNoLeaks(before, { timeout: 0 }));
    fs.closeSync(kept);
    expect(found).toBe(`resources are left over:\n  fd ${kept} -> /dev/zero`);
    await expectNoLeaks(before);
  });

  test("tells two opens of the same file from one, and allows fewer", async () => {
    const one = fs.openSync("/dev/zero", "r");
    const before = snapshotResources();
    const two = fs.openSync("/dev/zero", "r");
    const found = await message(expectNoLeaks(before, { timeout: 0 }));
    expect(found).toContain(`fd ${two} -> /dev/zero`);
    expect(found.match(/-> \/dev\/zero/g)).toHaveLength(1); // Bun may have begun something besides
    fs.closeSync(one); // as many as before, under another number
    await expectNoLeaks(before);
    fs.closeSync(two);
    await expectNoLeaks(before);
  });

  test("lists entries that are new and entries that are gone", async () => {
    fs.writeFileSync(join(dir, "kept"), "");
    const before = snapshotResources({ folders: [dir] });
    fs.rmSync(join(dir, "kept"));
    fs.mkdirSync(join(dir, "a/b"), { recursive: true });
    const found = await message(expectNoLeaks(before, { timeout: 0 }));
    expect(found.split("\n").slice(1).sort()).toEqual([
      `  ${dir}/a`,
      `  ${dir}/a/b`,
      `  ${dir}/kept is missing`,
    ]);
  });

  test("a folder that it is told of later must be empty, a missing one is", async () => {
    const before = snapshotResources();
    await expectNoLeaks(before, { folders: [dir, join(dir, "missing")] });
    fs.writeFileSync(join(dir, "new"), "");
    expect(await message(expectNoLeaks(before, { folders: [dir], timeout: 0 }))).toContain("/new");
  });

  test("lists a worker's thread, and is content once it has ended", async () => {
    const before = snapshotResources();
    const source = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";
    const url = URL.createObjectURL(new Blob([`postMessage(0); ${source}`]));
    const worker = new Worker(url);
    await new Promise((resolve) => (worker.onmessage = resolve));
    const found = await message(expectNoLeaks(before, { timeout: 0 }));
    worker.terminate();
    expect(found).toContain('thread "');
    await expectNoLeaks(before);
  });

  test("waits for what goes away a little later", async () => {
    const before = snapshotResources();
    const fd = fs.openSync("/dev/zero", "r");
    setTimeout(() => fs.closeSync(fd), 100);
    await expectNoLeaks(before);
  });
});
