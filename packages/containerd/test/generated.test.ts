import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const files = (folder: string) => Array.from(new Bun.Glob("**/*").scanSync(folder)).sort();

test("`bun run generate` makes the generated code as it is, byte by byte", async () => {
  const out = mkdtempSync(join(tmpdir(), "taskio-generate-"));
  try {
    const command = [process.execPath, "run", "generate", "--output", out];
    const child = Bun.spawn(command, { cwd: root, stdout: "pipe", stderr: "pipe" });
    const log = await new Response(child.stderr).text();
    expect({ exitCode: await child.exited, log }).toMatchObject({ exitCode: 0 });
    const made = join(out, "src/gen");
    const kept = join(root, "src/gen");
    expect(files(made)).toEqual(files(kept));
    for (const file of files(kept)) {
      expect(await Bun.file(join(made, file)).text()).toBe(await Bun.file(join(kept, file)).text());
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}, 120_000); // buf takes 5 s of a core
