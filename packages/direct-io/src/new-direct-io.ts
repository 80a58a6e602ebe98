import { type FIFOSet, isWired, newIO } from "@taskio/core";
import { KeptOpenCopy, openReader, ReadEnd, WriteEnd } from "@taskio/fifo/reactor";
import type { DirectIO } from "./direct-io.ts";
import { ReadableCopy } from "./readable-copy.ts";
import { WritableCopy } from "./writable-copy.ts";

/**
 * Opens the streams of a set for the caller to read and write. Go: `cio.NewDirectIO`.
 *
 * All that the set's config has wired is opened, before anything is read; FIFOs are never made here,
 * and neither outputs nor stdin wait for their peer. A terminal's stdin stays open after the stream's
 * end, which would hang it up, as long as the IO or the terminal lives. One reader at a time: a second
 * one of ours is refused; Go's readers take no lock and cannot be seen. Serves a new task and an attach
 * alike: `detach()` leaves the paths, `close()` closes the set.
 *
 * @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE` (a log or streaming URI), `IN_USE`,
 * `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED` (not on Linux), or the signal's reason; nothing stays
 * open then, nothing is removed, and the set is not closed
 *
 * @example
 * ```ts
 * import { newDirectIO } from "@taskio/direct-io";
 * import { newFIFOSetInDir } from "@taskio/fifo";
 *
 * await using io = await newDirectIO(await newFIFOSetInDir("", "task-1", false));
 * const { stdout, stderr } = io.config;
 * Bun.spawn(["sh", "-c", `echo hello > ${stdout} 2> ${stderr}`]);
 * console.log(await io.stdout?.text()); // hello
 * ```
 */
export async function newDirectIO(
  fifoSet: FIFOSet,
  { signal }: { signal?: AbortSignal } = {},
): Promise<DirectIO> {
  signal?.throwIfAborted();
  const { config } = fifoSet;
  using opened = new DisposableStack();
  const stdoutEnd = openOutput(config.stdout, opened);
  const stderrEnd = config.terminal ? undefined : openOutput(config.stderr, opened);
  const stdinEnd = openInput(config.stdin, opened);
  opened.move(); // the copies close them from here on
  const stdin = stdinEnd && new WritableCopy(stdinEnd);
  const stdout = stdoutEnd && new ReadableCopy(stdoutEnd);
  const stderr = stderrEnd && new ReadableCopy(stderrEnd);
  const copies = {
    stdin: config.terminal && stdin ? new KeptOpenCopy(stdin, stdinEnd!, stdout) : stdin,
    stdout,
    stderr,
  };
  return Object.assign(newIO({ config, ...copies, close: () => fifoSet.close() }), {
    stdin: stdin?.stream,
    stdout: stdout?.stream,
    stderr: stderr?.stream,
  });
}

function openOutput(path: string, opened: DisposableStack): ReadEnd | undefined {
  if (!isWired(path)) return undefined;
  return opened.adopt(new ReadEnd(openReader(path), path), (end) => end.close());
}

function openInput(path: string, opened: DisposableStack): WriteEnd | undefined {
  if (!isWired(path)) return undefined;
  return opened.adopt(new WriteEnd(path), (end) => end.close());
}
