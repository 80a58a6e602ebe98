import { readdirSync, readlinkSync, renameSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { tempFolder, type TempFolder, until, watchOnce } from "@taskio/test-support";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import { expect, test } from "bun:test";
import { readLogs } from "../../src/index.ts";
import { criLine, numbered } from "./support/cri-line.ts";
import { textsOf } from "./support/texts-of.ts";

async function withoutLeaks(run: (path: string, folder: TempFolder) => Promise<void>) {
  watchOnce();
  using folder = tempFolder();
  const path = folder.file("log");
  writeFileSync(`${path}.2.gz`, gzipSync(numbered(1, 50_000)));
  writeFileSync(`${path}.1`, numbered(50_001, 50_100));
  writeFileSync(path, numbered(50_101, 50_102));
  const before = snapshotResources();
  await run(path, folder);
  await expectNoLeaks(before);
}

test.each([
  ["in a compressed file", {}, 1],
  ["in a plain file", { since: new Date(Date.UTC(2026, 0, 1) + 50_050_000) }, 2],
  ["while following", { follow: true, tail: 1 }, 1],
])("leaving the loop %s frees all", async (_, options, count) => {
  await withoutLeaks(async (path) => {
    let read = 0;
    for await (const _record of readLogs(path, options)) if (++read === count) break;
    expect(read).toBe(count);
  });
});

test("an error in the loop frees all", async () => {
  await withoutLeaks(async (path) => {
    const fail = async () => {
      for await (const _record of readLogs(path, { follow: true })) throw new Error("mine");
    };
    await fail().catch((error: Error) => expect(error.message).toBe("mine"));
  });
});

test("nothing is opened before the first record is asked for", async () => {
  await withoutLeaks(async (path) => {
    readLogs(path, { follow: true });
  });
});

test("disposing ends a wait; twice is fine", async () => {
  await withoutLeaks(async (path) => {
    const records = readLogs(path, { follow: true, tail: 0 });
    const next = records.next();
    await Bun.sleep(50);
    await records[Symbol.asyncDispose]();
    await records[Symbol.asyncDispose]();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await records.next()).toEqual({ done: true, value: undefined });
  });
});

test("a signal ends a wait with its reason", async () => {
  await withoutLeaks(async (path) => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const reading = textsOf(path, { follow: true, tail: 1, signal: stop.signal });
    const failure = reading.catch((error: unknown) => error);
    await Bun.sleep(50);
    stop.abort(reason);
    expect(await failure).toBe(reason);
    const again = textsOf(path, { signal: stop.signal }).catch((error: unknown) => error);
    expect(await again).toBe(reason);
  });
});

test("a signal ends it between records", async () => {
  await withoutLeaks(async (path) => {
    const stop = new AbortController();
    let read = 0;
    const run = async () => {
      for await (const _record of readLogs(path, { signal: stop.signal })) {
        if (++read === 10) stop.abort();
      }
    };
    const error = await run().catch((error: Error) => error);
    expect(error).toMatchObject({ name: "AbortError" });
    expect(read).toBe(10);
  });
});

test("what ended rejects with is thrown after everything was read", async () => {
  await withoutLeaks(async (path) => {
    const texts: string[] = [];
    const run = async () => {
      const options = { follow: true, tail: 2, ended: Promise.reject(new Error("lost")) };
      for await (const { data } of readLogs(path, options)) {
        texts.push(new TextDecoder().decode(data).trim());
      }
    };
    expect(await run().catch((error: Error) => error.message)).toBe("lost");
    expect(texts).toEqual(["50101", "50102"]);
  });
});

test("a follower holds one file, however often the log was rotated", async () => {
  await withoutLeaks(async (path, folder) => {
    const ended = Promise.withResolvers<void>();
    const texts: string[] = [];
    const reading = (async () => {
      const options = { follow: true, tail: 0, ended: ended.promise };
      for await (const { data } of readLogs(path, options)) {
        texts.push(new TextDecoder().decode(data).trim());
      }
    })();
    await Bun.sleep(50);
    for (let i = 1; i <= 30; i++) {
      renameSync(path, `${path}.1`);
      writeFileSync(path, criLine(String(i)));
      await until(() => texts.includes(String(i)));
    }
    await until(() => openIn(folder.path) === 1);
    ended.resolve();
    await reading;
    expect(texts).toHaveLength(30);
  });
});

test("a follower that waits uses no time", async () => {
  await withoutLeaks(async (path) => {
    const ended = Promise.withResolvers<void>();
    const reading = textsOf(path, { follow: true, tail: 1, ended: ended.promise });
    await Bun.sleep(200);
    const before = process.cpuUsage();
    await Bun.sleep(2000);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(200_000);
    ended.resolve();
    expect(await reading).toEqual(["50102"]);
  });
});

function openIn(folder: string): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false; // that of the listing
    }
  }).length;
}
