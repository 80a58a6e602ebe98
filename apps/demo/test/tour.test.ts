import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const tour = fileURLToPath(new URL("../src/tour/main.ts", import.meta.url));

test("the tour passes all its checks and leaves nothing", async () => {
  const child = Bun.spawn([process.execPath, tour], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect({ code: await child.exited, stdout, stderr }).toEqual({ code: 0, stdout, stderr: "" });
  expect(stdout).not.toContain("FAILED");
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^(\d+) of \1 checks passed in [\d.]+ s\.$/);
  const folder = /in (\S+)\.$/m.exec(stdout)![1]!;
  expect(readdirSync(tmpdir())).not.toContain(folder.split("/").at(-1));
});
