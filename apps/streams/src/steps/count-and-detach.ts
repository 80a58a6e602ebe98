import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { CountedOutput, countingCommand } from "@taskio/testkit";
import { type Counter, lastLine, piece } from "../counter.ts";
import { number } from "../narrator.ts";
import type { Stage } from "../stage.ts";

/** As much as the first piece has at least, in bytes. */
const enough = 1_000_000;

/** Makes the streams of a task, runs a counting process on them, and leaves it in the middle. */
export async function countAndDetach(stage: Stage): Promise<Counter> {
  const { narrator } = stage;
  narrator.step("Make the streams of a task, run a process on them, and leave it");
  const chunks: Uint8Array[] = [];
  const gotEnough = Promise.withResolvers<void>();
  let size = 0;
  const sink = (chunk: Uint8Array) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= enough) gotEnough.resolve();
  };
  const io = await newCreator(withStreams(undefined, sink), withFIFODir(stage.folder))("counter");
  narrator.line("stdout", `${io.config.stdout} (a FIFO)`);

  // A process that ends while nobody reads has its last words kept, until they are released.
  const task = stage.run(io.config, countingCommand(lastLine), { hold: true });
  narrator.line("process", `${task.pid}, counts to ${number(lastLine)} at full speed`);

  const counter = { config: io.config, task, output: new CountedOutput() };
  const read = async () => {
    await gotEnough.promise;
    await io.detach();
    for (const chunk of chunks) counter.output.push(chunk);
  };
  narrator.piece("piece 1", "a function", await piece(counter, read));
  narrator.line("", "detached: the process goes on, its FIFO stays");
  return counter;
}
