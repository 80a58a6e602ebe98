import { expect, test } from "bun:test";
import { Pty } from "./support/pty.ts";
import { TerminalChild } from "./support/terminal-child.ts";

test("c#7412: a client at its terminal: types, leaves, and the rest is for the shell", async () => {
  using pty = new Pty();
  const before = pty.settings;
  await using client = new TerminalChild(pty, { script: ["client-child.ts"] });
  await client.says("ready");
  pty.type("ls\x03\r");
  await client.says("ls^C^M"); // raw: the task has the bytes, the client no SIGINT
  pty.type("\x10\x10\x11exit\r");
  expect(await client.end()).toBe(0); // ends by itself: nothing is left waiting
  expect(client.said).toContain("left true, 5 bytes, 0 not taken\n");
  expect(pty.settings).toEqual(before);
  expect(await pty.drain(5)).toBe("exit\r");
});

test("a client whose task never came is left by the keys too", async () => {
  using pty = new Pty();
  const before = pty.settings;
  await using client = new TerminalChild(pty, { script: ["client-child.ts", "nobody"] });
  await client.says("ready");
  pty.type("ls\r\x10\x11exit\r");
  expect(await client.end()).toBe(0);
  expect(client.said).toContain("left true, 0 bytes");
  expect(pty.settings).toEqual(before);
  expect(await pty.drain(5)).toBe("exit\r");
});
