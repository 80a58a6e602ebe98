import { logFile } from "@taskio/log-file";
import { CountedOutput, countingCommand } from "@taskio/testkit";
import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import { lastLine } from "../counter.ts";
import type { Stage } from "../stage.ts";

/** The counting process once more, with a log file instead of FIFOs: nobody has to read. */
export async function logToFile(stage: Stage): Promise<void> {
  const { narrator } = stage;
  narrator.step("Log the same process to a file");
  const path = join(stage.folder, "counter.log");
  await using io = await logFile(path)("logged");
  narrator.line("stdout", io.config.stdout);
  await using task = stage.run(io.config, countingCommand(lastLine));
  await task.exited;

  const output = new CountedOutput();
  for await (const chunk of createReadStream(path)) output.push(chunk);
  output.end(lastLine);
  narrator.piece("the log", "a file", output);
  narrator.right("checked", "byte by byte, after the process has ended");
  stage.totals.out += output.bytes;
  rmSync(path);
}
