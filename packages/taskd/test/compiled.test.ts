import { expect, test } from "bun:test";
import { readlinkSync } from "node:fs";
import { taskIO } from "./support/task-io.ts";
import { TestRuntime } from "./support/test-runtime.ts";

test("a compiled program starts itself as the runtime", async () => {
  await using runtime = new TestRuntime();
  const program = runtime.folder.file("program");
  const source = new URL("./support/compiled-cli.ts", import.meta.url).pathname;
  const build = Bun.spawn([process.execPath, "build", "--compile", source, "--outfile", program], {
    stdout: "ignore",
    stderr: "pipe",
  });
  expect([await build.exited, await build.stderr.text()]).toMatchObject([0, expect.any(String)]);
  const run = () => Bun.spawn([program, runtime.dir], { stdout: "pipe" }).stdout.text();
  const [first, second] = [await run(), await run()];
  await runtime.ensure();
  expect([first, second]).toEqual([`${runtime.pid}\n`, `${runtime.pid}\n`]);
  expect(readlinkSync(`/proc/${runtime.pid}/exe`)).toBe(program);
  await using client = await taskIO(runtime.folder.path, "t1", { terminal: true });
  await runtime.task("t1", ["echo", "hi"], client.io.config);
  await runtime.start("t1");
  await client.io.wait();
  expect(client.stdout()).toBe("hi\r\n");
});
