import { newDirectIO } from "@taskio/direct-io";
import { newFIFOSetInDir } from "@taskio/fifo";
import { check } from "../check.ts";
import type { Stage } from "../stage.ts";

const squares = "while read n; do echo $((n * n)); done";

/** Talks with a process, question and answer, through streams that are read and written by hand. */
export async function holdStreams(stage: Stage): Promise<void> {
  const { narrator, totals } = stage;
  narrator.step("Hold the streams in your own hands (DirectIO)");
  await using io = await newDirectIO(await newFIFOSetInDir(stage.folder, "squares", false));
  await using task = stage.run(io.config, ["sh", "-c", squares]);
  const writer = io.stdin!.getWriter();
  const reader = io.stdout!.getReader();
  for (const n of [7, 12, 111]) {
    await writer.write(new TextEncoder().encode(`${n}\n`));
    const { value } = await reader.read();
    const answer = new TextDecoder().decode(value).trim();
    check(Number(answer) === n * n, `the square of ${n} came as ${answer}`);
    narrator.right("talk", `wrote ${n}, read ${answer}`);
  }
  await writer.close();
  task.closeIO();
  const { done } = await reader.read();
  check(done, "more was printed than was asked for");
  await io.stderr!.cancel(); // nothing is expected there
  const { stdin, stdout } = await io.wait();
  narrator.line("closed", "stdin, so the process ended, and so did its stdout");
  totals.in += stdin?.bytes ?? 0;
  totals.out += stdout?.bytes ?? 0;
}
