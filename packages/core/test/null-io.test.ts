import { expect, test } from "bun:test";
import { isWired, nullIO } from "../src/index.ts";

test("nullIO wires nothing", async () => {
  await using io = await nullIO("task-1");
  expect(io.config).toEqual({ terminal: false, stdin: "", stdout: "", stderr: "" });
  expect(await io.wait()).toEqual({});
  expect(await io.stdinDone).toBeUndefined();
  expect(await io.detach()).toEqual({});
  io.cancel();
});

test.each(["", "a b", "../x", "x".repeat(77)])("nullIO refuses the id %j", async (id) => {
  await expect(nullIO(id)).rejects.toMatchObject({ name: "TaskIOError", code: "INVALID_ID" });
});

test("nullIO rejects with the reason of a signal that is aborted", async () => {
  const reason = new Error("enough");
  await expect(nullIO("task-1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([
  ["", false],
  ["/dev/null", false],
  ["/run/x/t1-stdout", true],
  ["/dev/null/x", true],
  ["file:///x", true],
])("%j is wired: %p", (path, wired) => {
  expect(isWired(path)).toBe(wired);
});
