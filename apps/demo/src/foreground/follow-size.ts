import { isTerminal, onResize, windowSize } from "@taskio/terminal";
import type { Runtime } from "../client/open-runtime.ts";
import { untilBack } from "../client/until-back.ts";
import type { Followed } from "./followed.ts";
import { tellFailure } from "./tell-failure.ts";

/** How long a program may take to see another size, in ms: two changes in one go are none to it. */
const redrawTime = 50;

/** The size of a process's terminal is that of ours until it is disposed of. */
export interface FollowedSize extends Disposable {
  /** Settles when the first size was given, or can't be. */
  readonly given: Promise<void>;
}

/**
 * Gives a process's terminal the size of ours, now and whenever that changes.
 *
 * @param left says that the process is no longer followed
 * @param options.redraw has a full-screen program draw everything, also where the size is the same
 */
export function followSize(
  runtime: Runtime,
  process: Followed,
  left: AbortSignal,
  { redraw = false } = {},
): FollowedSize {
  const fd = [1, 0].find(isTerminal);
  if (fd === undefined) return { given: Promise.resolve(), [Symbol.dispose]() {} };
  const resizes = onResize(fd, (size) => process.resize(size), { onError: () => {} });
  const given = untilBack(runtime, () => giveSize(process, fd, redraw), left);
  return {
    given: given.catch((error) => tellFailure(error, left)),
    [Symbol.dispose]: () => resizes[Symbol.dispose](),
  };
}

async function giveSize(process: Followed, fd: number, redraw: boolean): Promise<void> {
  if (redraw) {
    const { columns, rows } = windowSize(fd);
    await process.resize({ columns, rows: rows + 1 });
    await Bun.sleep(redrawTime);
  }
  await process.resize(windowSize(fd));
}

/** The size of our terminal, as an OCI process has it. */
export function consoleSize(): { consoleSize?: { height: number; width: number } } {
  const fd = [1, 0].find(isTerminal);
  if (fd === undefined) return {};
  const { columns, rows } = windowSize(fd);
  return { consoleSize: { height: rows, width: columns } };
}
