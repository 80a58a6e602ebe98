import { newFIFOSet, withStreams } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { CountedOutput, countingCommand, spawnTask } from "@taskio/testkit";
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newAttach, newFIFOSetInDir } from "../src/index.ts";
import { withoutLeaks } from "./support/leaks.ts";

// A client that is killed -9 at full speed: the next goes on after at most what the dead one took.

const kills = 8;

test("an fd sink: not a byte is lost or comes twice", () =>
  withoutLeaks(async (dir) => {
    using folder = tempFolder();
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    await using task = spawnTask(fifos.config, countingCommand());
    const output = new CountedOutput();
    for (let i = 0; i < kills; i++) {
      await killAttachedClient(folder.file("out"), fifos.config, {});
      output.push(readFileSync(folder.file("out")));
    }
    output.push(await readSome(fifos.config));
    expect(output.lines).toBeGreaterThan(1000);
    task.kill();
  }));

test("a function as sink: what is missing is at most the chunk that the dead one had in its hands", () =>
  withoutLeaks(async (dir) => {
    using folder = tempFolder();
    await using fifos = await newFIFOSetInDir(dir, "t", false);
    await using task = spawnTask(fifos.config, countingCommand());
    for (let i = 0; i < kills; i++) {
      await killAttachedClient(folder.file("out"), fifos.config, { JS: "1" });
      const last = lastLine(readFileSync(folder.file("out"), "latin1"));
      const lines = (await readSome(fifos.config)).toString("latin1").split("\n").slice(1, -1);
      const first = Number(lines[0]);
      expect(lines).toEqual(Array.from(lines, (_, k) => String(first + k)));
      expect(first).toBeGreaterThan(last);
      expect(first - last).toBeLessThan(65_536); // a chunk is 64 KiB: fewer lines
    }
    task.kill();
  }));

async function killAttachedClient(file: string, config: object, env: Record<string, string>) {
  await using client = Bun.spawn(
    ["bun", join(import.meta.dir, "support/attached-client.ts"), file],
    {
      env: { ...process.env, ...env, CONFIG: JSON.stringify(config) },
      stdout: "pipe",
    },
  );
  await client.stdout.getReader().read();
  await Bun.sleep(5 + Math.random() * 30);
  client.kill("SIGKILL");
  await client.exited;
}

async function readSome(config: Parameters<typeof newFIFOSet>[0]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const enough = Promise.withResolvers<void>();
  const io = await newAttach(
    withStreams(undefined, (chunk) => {
      pieces.push(chunk);
      if (pieces.length > 10) enough.resolve();
    }),
  )(newFIFOSet(config));
  await enough.promise;
  await io.detach();
  return Buffer.concat(pieces);
}

/** The last complete line's number, 0 where there is none. */
function lastLine(text: string): number {
  return Number(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1) || 0);
}
