import { expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

test("README.md shows a suite that passes", async () => {
  const page = await Bun.file(join(import.meta.dir, "../README.md")).text();
  const [block] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!);
  const dir = mkdtempSync(join(import.meta.dir, ".readme-")); // where the packages resolve
  try {
    await Bun.write(join(dir, "memory.test.ts"), block!);
    const command = [process.execPath, "test", "./memory.test.ts"];
    const { exitCode, stderr } = Bun.spawnSync(command, { cwd: dir, stderr: "pipe" });
    expect(`${stderr}`).toContain("\n 0 fail");
    expect(exitCode).toBe(0);
  } finally {
    await rm(dir, { recursive: true });
  }
}, 60_000);
