import { openSource, type Source, TaskIOError } from "@taskio/core";
import type { InputStream } from "./input-stream.ts";
import { KeyedReader } from "./keyed-reader.ts";
import { keyedStream } from "./keyed-stream.ts";
import { parseDetachKeys } from "./parse-detach-keys.ts";
import { SourceInput } from "./source-input.ts";
import { TerminalReader } from "./terminal-reader.ts";

/** Options of {@link withDetachKeys}. */
export interface DetachKeysOptions {
  /**
   * How long, in ms, what may be the beginning of the keys is held back when nothing follows.
   * Default 500. It is then sent, and the keys still work: `^P`, a pause, `^Q` sends the `^P` and
   * detaches. `Infinity` holds it until the next key, as docker does (moby issue 12510).
   */
  readonly holdTime?: number;
}

/**
 * A source for `withStreams` that ends at the detach keys. The task gets every byte before the keys
 * and none of them; `onDetach` is called, and the stream ends, once that has been written.
 *
 * - From a terminal's fd, nothing after the keys is read: it stays in the terminal.
 * - From anything else whole chunks come. What follows the keys in a chunk comes first when the same
 *   source is used again. Files and pipes have no fd to read that exactly: give a stream of them.
 * - What is held back is sent when it is no part of the keys, after `holdTime`, and at the end.
 * - A task that takes no input does not keep the keys from working: after a second in which nothing
 *   was asked for, up to 4 KiB are looked through; after the keys, what came before them has one
 *   more second to be written.
 *
 * @param source a terminal's fd (or what has one, such as `process.stdin`), a stream, an iterable …
 * @param keys docker's syntax ({@link parseDetachKeys}) or bytes; `""` for none
 * @param onDetach called once, when the keys came: the moment for `io.detach()`
 * @throws TaskIOError `INVALID_ARGUMENT` for bad keys, a bad `holdTime`, an fd that is no terminal,
 *   a locked stream; `PERMISSION`, `UNSUPPORTED` as in `ttySource`
 *
 * @example
 * ```ts
 * import { newMemoryIO, withStreams } from "@taskio/core";
 * import { defaultDetachKeys, withDetachKeys } from "@taskio/terminal";
 *
 * const typed = new Blob(["ls\r\x10\x11"]).stream(); // ls, Enter, ^P, ^Q
 * using input = withDetachKeys(typed, defaultDetachKeys, () => console.log("detached"));
 * await using io = await newMemoryIO().newCreator(withStreams(input, () => {}))("task-1");
 * console.log((await io.stdinDone)?.bytes, input.detached); // 3 true
 * ```
 */
export function withDetachKeys(
  source: Source,
  keys: string | Uint8Array,
  onDetach: () => void,
  { holdTime = 500 }: DetachKeysOptions = {},
): InputStream {
  const bytes = typeof keys === "string" ? parseDetachKeys(keys) : keys;
  if (typeof holdTime !== "number" || !(holdTime >= 0)) {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `invalid holdTime ${String(holdTime)}: give milliseconds, 0 or more`,
    );
  }
  const opened = openSource(source, "stdin");
  const input = "fd" in opened ? new TerminalReader(opened.fd) : new SourceInput(opened);
  const reader = new KeyedReader(input, bytes, holdTime);
  return keyedStream(reader, bytes.length > 0 ? onDetach : undefined);
}
