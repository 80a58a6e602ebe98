import { commandOf } from "./command-of.ts";
import { FIFOLookup } from "./fifo-lookup.ts";
import { type OpenFIFO, openFIFOs } from "./open-fifos.ts";

/** A process that has a FIFO open. */
export interface FIFOHolder {
  readonly pid: number;
  /** The name of its program, such as `containerd-shim-runc-v2`. */
  readonly command: string;
  /** Whether it has it open for reading. */
  readonly reads: boolean;
  /** Whether it has it open for writing. */
  readonly writes: boolean;
}

/** What {@link fifoHolders} gives. */
export interface FIFOHolders {
  /** The holders of each path that was asked for, by path. */
  readonly holders: ReadonlyMap<string, readonly FIFOHolder[]>;
  /** Why there may be more holders than were seen; undefined when these are all. */
  readonly incomplete: string | undefined;
}

/**
 * The processes that have FIFOs open, this one included. It reads `/proc` once for all paths and opens
 * no FIFO: a writer or reader that comes and goes is seen by those who wait at the other end.
 *
 * A runtime's shim has both ends of a task's output open, so that it survives its readers: a process
 * that `reads` and does not write is the one that waits for the output. A process that waits for the
 * other side to open does not hold the FIFO yet. What does not exist or is no FIFO has no holders, and
 * without Linux nothing is known: see `incomplete`.
 *
 * Takes some 10 µs for each open file of the system.
 *
 * @example
 * ```ts
 * import { newFIFOSetInDir, openFifo } from "@taskio/fifo";
 * import { fifoHolders } from "@taskio/fifo/holders";
 *
 * await using fifos = await newFIFOSetInDir("", "task-1", false);
 * const { stdout, stderr } = fifos.config;
 * await using _reader = await openFifo(stdout, { read: true, nonblock: true });
 * const { holders } = fifoHolders([stdout, stderr]);
 * console.log(holders.get(stdout)?.[0]); // { pid: …, reads: true, writes: false }
 * console.log(holders.get(stderr)); // []
 * ```
 */
export function fifoHolders(paths: readonly string[]): FIFOHolders {
  const lookup = new FIFOLookup(paths);
  const { open, incomplete } = lookup.isEmpty
    ? { open: undefined, incomplete: lookup.problem }
    : openFIFOs(lookup);
  const commands = new Map<number, string>();
  const nameOf = (pid: number) => commands.getOrInsertComputed(pid, commandOf);
  return {
    holders: new Map(paths.map((path) => [path, byProcess(open?.get(path) ?? [], nameOf)])),
    incomplete,
  };
}

/** An `O_PATH` fd keeps the FIFO's name, not what is in it. */
function byProcess(fds: readonly OpenFIFO[], nameOf: (pid: number) => string): FIFOHolder[] {
  const byPid = Map.groupBy(
    fds.filter(({ reads, writes }) => reads || writes),
    ({ pid }) => pid,
  );
  return [...byPid].map(([pid, its]) => ({
    pid,
    command: nameOf(pid),
    reads: its.some(({ reads }) => reads),
    writes: its.some(({ writes }) => writes),
  }));
}
