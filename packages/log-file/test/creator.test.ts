import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Creator } from "@taskio/core";
import { binaryIO, logFile, logURI, terminalBinaryIO, terminalLogURI } from "../src/index.ts";

const creators: [string, boolean, string, Creator][] = [
  ["logURI", false, "x:///l", logURI("x:///l")],
  ["logFile", false, "file:///l", logFile("/l")],
  ["binaryIO", false, "binary:///l?k=v", binaryIO("/l", { k: "v" })],
  ["terminalLogURI", true, "x:///l", terminalLogURI("x:///l")],
  ["terminalBinaryIO", true, "binary:///l?k=v", terminalBinaryIO("/l", { k: "v" })],
];

describe.each(creators)("a Creator of %s", (_name, terminal, uri, create) => {
  test("gives the URI as stdout, and as stderr unless there is a terminal", async () => {
    const stderr = terminal ? "" : uri;
    expect((await create("t1")).config).toEqual({ terminal, stdin: "", stdout: uri, stderr });
  });

  test("gives a Config that cannot be changed", async () => {
    const { config } = await create("t1");
    expect(Object.isFrozen(config)).toBe(true);
    expect((await create("t2")).config).toEqual(config);
  });

  test.each(["", "a b", "../x", "-a", "a--b", "é", "a".repeat(77), 1 as unknown as string])(
    "rejects the id %j",
    async (id) => {
      await expect(create(id)).rejects.toMatchObject({ name: "TaskIOError", code: "INVALID_ID" });
    },
  );

  test("rejects with the reason of a signal that is aborted", async () => {
    const reason = new Error("enough");
    await expect(create("t1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("takes a signal that is not aborted, and a later abort does nothing", async () => {
    const controller = new AbortController();
    const io = await create("t1", { signal: controller.signal });
    controller.abort();
    expect(await io.wait()).toEqual({});
  });

  test("has nothing to wait for", async () => {
    const io = await create("t1");
    expect(await io.wait()).toEqual({});
    expect(await io.stdinDone).toBeUndefined();
  });

  test("rejects a wait whose signal is aborted", async () => {
    const reason = new Error("enough");
    const io = await create("t1");
    await expect(io.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("may be cancelled, detached and closed, twice and in any order", async () => {
    await using io = await create("t1");
    io.cancel();
    expect(await io.detach()).toEqual({});
    await io.close();
    await io.close();
    io.cancel();
    expect(await io.detach()).toEqual({});
    expect(await io.wait()).toEqual({});
  });

  test("makes one IO a call", async () => {
    const [a, b] = await Promise.all([create("t1"), create("t1")]);
    await a.close();
    expect(a).not.toBe(b);
    expect(await b.wait()).toEqual({});
  });
});

test("nothing is made or removed on disk, and no fd stays open", async () => {
  const dir = await mkdtemp(join(tmpdir(), "taskio-log-file-"));
  const kept = join(dir, "kept.log");
  await Bun.write(kept, "here");
  const fds = openFds();
  for (const path of [kept, join(dir, "new/folder/x.log")]) {
    for (const create of [logFile(path), binaryIO(path), terminalBinaryIO(path)]) {
      await using io = await create("t1");
      await io.wait();
    }
  }
  expect(openFds()).toEqual(fds);
  expect(await readdir(dir)).toEqual(["kept.log"]);
  expect(await Bun.file(kept).text()).toBe("here");
  await Bun.file(kept).delete();
  await rmdir(dir);
});

/** The numbers of this process's fds; none where there is no /proc. */
function openFds(): string[] {
  return process.platform === "linux" ? readdirSync("/proc/self/fd") : [];
}
