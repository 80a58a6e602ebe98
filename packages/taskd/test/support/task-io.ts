import { type IO, type Source, withFIFODir, withStreams, withTerminal } from "@taskio/core";
import { newCreator } from "@taskio/fifo";

/** A client's side of a task's streams, whose output is kept as text. */
export interface TestIO extends AsyncDisposable {
  readonly io: IO;
  stdout(): string;
  stderr(): string;
}

/** Makes the FIFOs of a task, and reads its output. */
export async function taskIO(
  dir: string,
  id: string,
  options: { stdin?: Source; terminal?: boolean } = {},
): Promise<TestIO> {
  const chunks: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  const creator = newCreator(
    withStreams(
      options.stdin,
      (chunk) => void chunks.stdout.push(chunk),
      options.terminal ? undefined : (chunk) => void chunks.stderr.push(chunk),
    ),
    withFIFODir(dir),
    ...(options.terminal ? [withTerminal] : []),
  );
  const io = await creator(id);
  return {
    io,
    stdout: () => Buffer.concat(chunks.stdout).toString(),
    stderr: () => Buffer.concat(chunks.stderr).toString(),
    [Symbol.asyncDispose]: () => io.close(),
  };
}
