import { newFIFOSet, type Source, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { openSync } from "node:fs";
import { configOf } from "./config-of.ts";
import { ready } from "./ready.ts";
import { untilKilled } from "./until-killed.ts";

/** Writes a source to a stdin, and then waits to be killed. */
export async function feed(source: string, stdin: string): Promise<void> {
  const io = await newAttach(withStreams(openSource(source)))(newFIFOSet(configOf({ stdin })));
  ready();
  await io.stdinDone;
  await untilKilled();
}

function openSource(source: string): Source {
  const [kind, value = ""] = source.split("=");
  return kind === "file" ? openSync(value, "r") : blocks(Number(value));
}

async function* blocks(bytes: number): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(65_536).fill(120);
  for (let left = bytes; left > 0; left -= block.length) {
    yield left < block.length ? block.subarray(0, left) : block;
  }
}
