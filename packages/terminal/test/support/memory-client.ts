import { newMemoryIO, type Source, withStreams } from "@taskio/core";
import { expect } from "bun:test";
import { defaultDetachKeys, type DetachKeysOptions, withDetachKeys } from "../../src/index.ts";
import { text } from "./latin1.ts";

/** A client whose task has read all of its stdin. */
export async function memoryClient(source: Source, options?: DetachKeysOptions) {
  const memory = newMemoryIO();
  let detaches = 0;
  const input = withDetachKeys(source, defaultDetachKeys, () => detaches++, options);
  await using io = await memory.newCreator(withStreams(input, () => {}))("t");
  const result = await io.stdinDone;
  memory.task("t").closeIO();
  const read: Uint8Array[] = [];
  for await (const chunk of memory.task("t").stdin) read.push(chunk);
  expect(input.detached).toBe(detaches === 1);
  return { read: text(...read), detaches, result };
}
