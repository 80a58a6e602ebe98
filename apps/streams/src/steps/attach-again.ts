import { type IO, newFIFOSet, type Sink, withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { closeSync, createReadStream, openSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Counter, lastLine, piece } from "../counter.ts";
import type { Stage } from "../stage.ts";

/** As much as the second piece has at least, in bytes. */
const enough = 10_000_000;

/** Attaches twice more, with another kind of sink each time, and shows that nothing is missing. */
export async function attachAgain(stage: Stage, counter: Counter): Promise<void> {
  const { narrator, folder, totals } = stage;
  narrator.step("Attach again, twice, each time with another kind of sink");
  const second = await piece(counter, () => readIntoFile(counter, join(folder, "piece-2")));
  narrator.piece("piece 2", "a file", second);
  narrator.piece("piece 3", "a web stream", await piece(counter, () => readToTheEnd(counter)));
  const { output } = counter;
  output.end(lastLine);
  narrator.piece("together", "", output);
  narrator.right("checked", "byte by byte: no line is missing, none is there twice");
  totals.out += output.bytes;
}

/** The kernel moves the bytes into the file; they are looked at afterwards. */
async function readIntoFile(counter: Counter, path: string): Promise<void> {
  const file = openSync(path, "w");
  const io = await attach(counter, file);
  while (statSync(path).size < enough) await Bun.sleep(1);
  await io.detach();
  closeSync(file);
  for await (const chunk of createReadStream(path)) counter.output.push(chunk);
  rmSync(path);
}

/** The last one to attach removes the FIFO and its folder, when the task is gone. */
async function readToTheEnd(counter: Counter): Promise<void> {
  const { config, task, output } = counter;
  const sink = new WritableStream<Uint8Array>({ write: (chunk) => output.push(chunk) });
  await using io = await attach(counter, sink, () => {
    rmSync(config.stdout);
    rmdirSync(dirname(config.stdout));
  });
  await task.exited;
  task.release();
  const { stdout } = await io.wait();
  if (stdout?.error) throw stdout.error;
}

/** Streams are found by their paths alone; whoever made them may be another program. */
function attach({ config }: Counter, sink: Sink, remove?: () => void): Promise<IO> {
  return newAttach(withStreams(undefined, sink))(newFIFOSet(config, remove));
}
