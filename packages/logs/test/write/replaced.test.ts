import { expect, test } from "bun:test";
import { join } from "node:path";
import { tempFolder } from "@taskio/test-support";

const script = join(import.meta.dir, "support/open-once.ts");

/** Not everywhere may a process be traced. */
const canTrace =
  Bun.which("strace") !== null && Bun.spawnSync(["strace", "-o", "/dev/null", "true"]).success;

test.skipIf(!canTrace)("a file that is another one at each look is given up", async () => {
  using folder = tempFolder();
  const path = folder.file("task.log");
  const ofPath = ["-f", "-o", "/dev/null", "-P", path, "-e", "trace=statx"];
  // the last look of four in each try finds nothing there
  const command = ["strace", ...ofPath, "-e", "inject=statx:error=ENOENT:when=4+4"];
  const bounded = ["timeout", "-s", "KILL", "20", process.execPath, script, path];
  const child = Bun.spawn([...command, ...bounded], { stdout: "pipe" });
  expect(await child.stdout.text()).toContain(`"${path}" is another file as soon as it is open`);
});
