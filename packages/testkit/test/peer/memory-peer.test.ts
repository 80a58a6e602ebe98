import { newMemoryIO, withStreams } from "@taskio/core";
import { expect, test } from "bun:test";
import { memoryPeer } from "../../src/index.ts";

test("memoryPeer is the other side of streams in memory", async () => {
  const memory = newMemoryIO();
  const seen: Uint8Array[] = [];
  const input = new Uint8Array([1, 2, 3]);
  const create = memory.newCreator(withStreams(input, (chunk) => void seen.push(chunk)));
  await using io = await create("task-1");
  const peer = memoryPeer(memory.task("task-1"));
  const stdin = Array.fromAsync(peer.readStdin());
  await peer.write("stdout", new Uint8Array([4, 5]));
  await io.stdinDone;
  await peer.closeIO();
  await peer.exit();
  await io.wait();
  expect([...Buffer.concat(await stdin)]).toEqual([1, 2, 3]);
  expect([...Buffer.concat(seen)]).toEqual([4, 5]);
});
