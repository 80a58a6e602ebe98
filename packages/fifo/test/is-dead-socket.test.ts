import { tempFolder } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { hubSocketPath, isDeadSocket } from "../src/holders/index.ts";
import { makeDeadSocket } from "./support/dead-socket.ts";

test("a socket is dead when nobody listens at it any more", () => {
  using folder = tempFolder();
  const path = folder.file("one.sock");
  expect(isDeadSocket(path)).toBe(false);
  makeDeadSocket(path);
  expect(isDeadSocket(path)).toBe(true);
});

test("a socket whose process is stopped is not dead, however many wait for it", async () => {
  using folder = tempFolder();
  const path = folder.file("one.sock");
  const code = `Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } }); console.log(1)`;
  await using child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" });
  await child.stdout.getReader().read();
  child.kill("SIGSTOP");
  for (let i = 0; i < 1000; i++) if (isDeadSocket(path)) throw new Error(`dead at look ${i}`);
  child.kill("SIGKILL");
  await child.exited;
  expect(isDeadSocket(path)).toBe(true);
});

test("what is no socket is none that is dead; a path may be longer than a socket's address", () => {
  using folder = tempFolder();
  writeFileSync(folder.file("file"), "");
  const long = folder.file("x".repeat(200));
  mkdirSync(long);
  makeDeadSocket(folder.file("s"));
  symlinkSync(folder.file("s"), folder.file("link"));
  for (const name of ["none", "file", "link", "none/s"]) {
    expect([name, isDeadSocket(folder.file(name))]).toEqual([name, false]);
  }
  makeDeadSocket(`${long}/s`);
  expect(isDeadSocket(`${long}/s`)).toBe(true);
});

test.each([
  ["/run/a/t-stdin", "/run/a/t-hub.sock"],
  ["/run/a/t-stdout-stderr", "/run/a/t-stdout-hub.sock"],
  ["/run/a/t.fifo", "/run/a/t.fifo-hub.sock"],
])("the hub of the task with %s listens at %s", (fifo, socket) => {
  expect(hubSocketPath(fifo)).toBe(socket);
});
