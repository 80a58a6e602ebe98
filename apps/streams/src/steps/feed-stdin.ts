import { withFIFODir, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { check } from "../check.ts";
import { number } from "../narrator.ts";
import type { Stage } from "../stage.ts";

const chunks = 16;
const chunkSize = 65_536;

/** Feeds a process random bytes, and compares the digest that it prints with our own. */
export async function feedStdin(stage: Stage): Promise<void> {
  const { narrator, totals } = stage;
  narrator.step("Feed a process through stdin");
  const digest = new Bun.CryptoHasher("sha256");
  let printed = "";
  const streams = withStreams(
    randomChunks((chunk) => digest.update(chunk)),
    (chunk) => void (printed += new TextDecoder().decode(chunk)),
  );
  await using io = await newCreator(streams, withFIFODir(stage.folder))("reader");
  await using task = stage.run(io.config, ["sha256sum"]);
  const sent = (await io.stdinDone)?.bytes ?? 0;
  task.closeIO(); // the runtime's turn, once everything is written
  narrator.line("sent", `${number(sent)} random bytes, then the end of the input`);

  const { stdout } = await io.wait();
  const expected = digest.digest("hex");
  narrator.line("process", `${task.pid}, sha256sum, printed ${printed.slice(0, 16)}…`);
  check(sent === chunks * chunkSize, `only ${sent} bytes were sent`);
  check(printed.startsWith(expected), `sha256sum printed ${printed} instead of ${expected}`);
  narrator.right("checked", `the same as ours, ${expected.slice(0, 16)}…`);
  totals.in += sent;
  totals.out += stdout?.bytes ?? 0;
}

/** A source may be a generator: the next chunk is made when there is room for it. */
async function* randomChunks(seen: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < chunks; i++) {
    const chunk = crypto.getRandomValues(new Uint8Array(chunkSize));
    seen(chunk);
    yield chunk;
  }
}
