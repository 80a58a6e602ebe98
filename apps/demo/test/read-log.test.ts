import { expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLog } from "../src/foreground/read-log.ts";

/** A file that is open for reading, and what is done to it from outside. */
async function logFile(text: string) {
  const dir = mkdtempSync(join(tmpdir(), "taskio-log-"));
  const path = join(dir, "output.log");
  appendFileSync(path, text);
  const file = await open(path);
  return {
    file,
    append: (more: string) => appendFileSync(path, more),
    async [Symbol.asyncDispose]() {
      await file.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** All that is read, and what it ends with. */
async function drain(chunks: AsyncIterable<Uint8Array>, seen: (text: string) => void = () => {}) {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of chunks) seen((text += decoder.decode(chunk)));
    return { text };
  } catch (error) {
    return { text, error };
  }
}

test("what was written before the wait failed is read, and then that is told", async () => {
  await using log = await logFile("begin\n");
  const lost = new Error("the runtime is gone");
  const { promise, reject } = Promise.withResolvers<void>();
  const read = await drain(readLog(log.file, promise), (text) => {
    if (text !== "begin\n") return;
    setTimeout(() => {
      log.append("tail\n");
      reject(lost);
    }, 20);
  });
  expect(read).toEqual({ text: "begin\ntail\n", error: lost });
});

test("a wait that fails before anything is read is no unhandled rejection", async () => {
  await using log = await logFile("all\n");
  const lost = new Error("the runtime is gone");
  const chunks = readLog(log.file, Promise.reject(lost));
  await Bun.sleep(10); // an unhandled one fails the test here
  expect(await drain(chunks)).toEqual({ text: "all\n", error: lost });
});

test.each([false, true])(
  "a file that is written as fast as it is read has an end, where the wait is over: %p",
  async (followed) => {
    const line = "x".repeat(1000);
    await using log = await logFile(line.repeat(200));
    const chunks = readLog(log.file, followed ? Promise.resolve() : undefined);
    let looks = 0;
    const { text, error } = await drain(chunks, () => {
      if (++looks > 50) throw new Error("it goes on");
      log.append(line.repeat(200));
    });
    expect(error).toBeUndefined();
    if (followed) expect(text.length).toBeGreaterThan(200_000);
    else expect(text.length).toBe(200_000); // what was there
  },
);

test("the wait is heard of while there is always more to read", async () => {
  await using log = await logFile("x".repeat(64 * 1024));
  const ended = Bun.sleep(200);
  const { error } = await drain(readLog(log.file, ended), () => log.append("x".repeat(64 * 1024)));
  expect(error).toBeUndefined();
});
