import { newFIFOSet, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { constants, openSync } from "node:fs";
import { configOf } from "./config-of.ts";
import { ready } from "./ready.ts";

/** Copies keys from a pipe to a task, and their echo from the task to another pipe. */
export async function echoFd(
  source: string,
  stdin: string,
  stdout: string,
  sink: string,
): Promise<void> {
  const from = openSync(source, constants.O_RDONLY);
  const to = openSync(sink, constants.O_WRONLY);
  const io = await newAttach(withStreams(from, to))(newFIFOSet(configOf({ stdin, stdout })));
  ready();
  await io.wait();
}
