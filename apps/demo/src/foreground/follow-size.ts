import type { Process } from "@taskio/containerd";
import { isTerminal, onResize, windowSize } from "@taskio/terminal";
import { isNotFound } from "../client/is-not-found.ts";

/** How long a program may take to see another size, in ms: two changes in one go are none to it. */
const redrawTime = 50;

/**
 * Gives a process's terminal the size of ours, now and whenever that changes.
 *
 * @param options.redraw has a full-screen program draw everything, also where the size is the same
 */
export async function followSize(process: Process, { redraw = false } = {}): Promise<Disposable> {
  const fd = [1, 0].find(isTerminal);
  if (fd === undefined) return { [Symbol.dispose]() {} };
  const resizes = onResize(fd, (size) => process.resize(size), { onError: () => {} });
  try {
    const size = windowSize(fd);
    if (redraw) {
      await process.resize({ ...size, rows: size.rows + 1 });
      await Bun.sleep(redrawTime);
    }
    await process.resize(size);
    return resizes;
  } catch (error) {
    if (isNotFound(error)) return resizes; // it has just ended
    resizes[Symbol.dispose]();
    throw error;
  }
}

/** The size of our terminal, as an OCI process has it. */
export function consoleSize(): { consoleSize?: { height: number; width: number } } {
  const fd = [1, 0].find(isTerminal);
  if (fd === undefined) return {};
  const { columns, rows } = windowSize(fd);
  return { consoleSize: { height: rows, width: columns } };
}
