import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

const page = join(import.meta.dir, "../../../docs/custom-backend.md");
const tsconfig = { extends: "../../../../tsconfig.json", include: ["*.ts"] };

describe("docs/custom-backend.md", () => {
  let dir: string;
  let backend: string;
  let suite: string;

  beforeAll(async () => {
    const blocks = [...(await Bun.file(page).text()).matchAll(/^```ts\n(.*?)^```$/gms)];
    [backend, suite] = blocks.map((block) => block[1]!) as [string, string];
    expect(blocks.length).toBe(2);
    dir = mkdtempSync(join(import.meta.dir, ".custom-backend-")); // where the packages resolve
    await Bun.write(join(dir, "pipe-io.ts"), backend);
    await Bun.write(join(dir, "pipe-io.test.ts"), suite);
    await Bun.write(join(dir, "tsconfig.json"), JSON.stringify(tsconfig));
  });

  afterAll(() => rm(dir, { recursive: true }));

  async function run(...command: string[]): Promise<{ code: number; output: string }> {
    const child = Bun.spawn([process.execPath, ...command], {
      cwd: dir,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { code: await child.exited, output: stdout + stderr };
  }

  test("shows a backend in less than 40 lines", () => {
    expect(backend.trimEnd().split("\n").length).toBeLessThan(40);
  });

  test("shows code that type-checks", async () => {
    const { code, output } = await run("check", "--no-script");
    expect(output).toContain("No type errors");
    expect(code).toBe(0);
  });

  test("shows a backend that passes the suite", async () => {
    const { code, output } = await run("test", "./pipe-io.test.ts");
    if (code !== 0) console.error(output);
    expect(code).toBe(0);
    expect(Number(/(\d+) pass/.exec(output)?.[1])).toBeGreaterThan(60);
    expect(output).toContain(" 0 fail");
  }, 60_000);
});
