import { closeSync, type Stats } from "node:fs";
import {
  type ChunkSink,
  type ChunkSource,
  type Config,
  type Copy,
  copyFromSource,
  copyToSink,
  isWired,
  openSink,
  openSource,
  type Sink,
  type Source,
  type Streams,
  TaskIOError,
} from "@taskio/core";
import { type FdEnd, openFdSink, openFdSource } from "./fd-end.ts";
import { FdSinkCopy } from "./fd-sink-copy.ts";
import { FdSourceCopy } from "./fd-source-copy.ts";
import type { FIFOHandle } from "./fifo-handle.ts";
import { KeptOpenCopy } from "./kept-open-copy.ts";
import { openReader, ReadEnd } from "./read-end.ts";
import { Reactor } from "./reactor/reactor.ts";
import { taskFIFO } from "./task-fifo.ts";
import { WriteEnd } from "./write-end.ts";

/** The copies of a task's streams, under way. */
export interface Copies {
  readonly stdin?: Copy | undefined;
  readonly stdout?: Copy | undefined;
  readonly stderr?: Copy | undefined;
}

type SourceEnd = ChunkSource | FdEnd;
type SinkEnd = ChunkSink | FdEnd;

/** The caller's sides of the streams: checked, and ours until disposed, or until copies have them. */
export class CallerEnds {
  readonly #held = new DisposableStack();
  readonly #stdin: SourceEnd | undefined;
  readonly #stdout: SinkEnd | undefined;
  readonly #stderr: SinkEnd | undefined;

  /** @throws TaskIOError `INVALID_ARGUMENT`, `PERMISSION`; nothing is held then */
  constructor({ stdin, stdout, stderr, terminal }: Streams) {
    try {
      this.#stdin = this.#hold(stdin === undefined ? undefined : sourceEnd(stdin));
      this.#stdout = this.#hold(stdout === undefined ? undefined : sinkEnd(stdout, "stdout"));
      if (terminal) return; // a terminal has one output
      this.#stderr = this.#hold(stderr === undefined ? undefined : sinkEnd(stderr, "stderr"));
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Gives back to the caller what no copy has. */
  [Symbol.dispose](): void {
    this.#held.dispose();
  }

  /**
   * Opens the FIFOs of a config, all of them before anything is copied, and starts. The ends belong to
   * the copies then. Where it throws, the FIFOs are as before and the ends are given back.
   *
   * @throws TaskIOError `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE`, `IN_USE`, `PERMISSION`, …
   */
  start(config: Config): Copies {
    Reactor.get();
    using held = this.#held.move();
    // All are looked up before one is opened: opening lets a writer go that waits for its reader.
    const stdout = lookUp(config.stdout, this.#stdout, "read", held);
    const stderr = lookUp(config.stderr, this.#stderr, "read", held);
    const stdin = lookUp(config.stdin, this.#stdin, "write", held);
    if (stdout && stderr) refuseTwice(stdout.fifo, stderr.fifo);
    const outputs = [stdout, stderr].map((found) => found && openOutput(found, held));
    const input = stdin && openInput(stdin, config.terminal, held);
    held.move();
    this.#releaseUnused(config);
    const copies = { stdout: outputs[0]?.(), stderr: outputs[1]?.() };
    return { stdin: input?.(copies.stdout), ...copies };
  }

  #releaseUnused({ stdin, stdout, stderr }: Config): void {
    if (!isWired(stdin)) this.#stdin?.release();
    if (!isWired(stdout)) this.#stdout?.release();
    if (!isWired(stderr)) this.#stderr?.release();
  }

  #hold<T extends SourceEnd | SinkEnd | undefined>(end: T): T {
    this.#held.defer(() => end?.release());
    return end;
  }
}

function sourceEnd(source: Source): SourceEnd {
  const end = openSource(source, "stdin");
  return "fd" in end ? openFdSource(end.fd, "stdin") : end;
}

function sinkEnd(sink: Sink, name: "stdout" | "stderr"): SinkEnd {
  const end = openSink(sink, name);
  return "fd" in end ? openFdSink(end.fd, name) : end;
}

/** A wired stream: the caller's end, and the FIFO, not opened yet. */
interface Found<End> {
  readonly end: End;
  readonly fifo: FIFOHandle;
}

function lookUp<End extends SourceEnd | SinkEnd>(
  path: string,
  end: End | undefined,
  way: "read" | "write",
  held: DisposableStack,
): Found<End> | undefined {
  if (!end || !isWired(path)) return undefined;
  const fifo = taskFIFO(path, way);
  held.defer(() => fifo.close());
  if ("fd" in end && isSameFile(fifo.stats, end.stats)) {
    throw new TaskIOError("INVALID_ARGUMENT", `"${path}" cannot be copied into itself`, { path });
  }
  return { end, fifo };
}

/** A FIFO has one reader, so two sinks would get one half each. */
function refuseTwice(stdout: FIFOHandle, stderr: FIFOHandle): void {
  if (!isSameFile(stdout.stats, stderr.stats)) return;
  throw new TaskIOError(
    "INVALID_CONFIG",
    `stdout and stderr are one FIFO, "${stdout.path}": give a stdout sink only`,
    { path: stdout.path },
  );
}

function isSameFile(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function openOutput({ end, fifo }: Found<SinkEnd>, held: DisposableStack): () => Copy {
  const { path } = fifo;
  const fd = openReader(fifo);
  held.defer(() => closeSync(fd));
  return () =>
    "fd" in end ? new FdSinkCopy(fd, path, end) : copyToSink(new ReadEnd(fd, path), end);
}

function openInput(
  { end, fifo }: Found<SourceEnd>,
  terminal: boolean,
  held: DisposableStack,
): (output: Copy | undefined) => Copy {
  const writeEnd = new WriteEnd(fifo);
  held.defer(() => writeEnd.close());
  const copy = () =>
    "fd" in end ? new FdSourceCopy(end, writeEnd) : copyFromSource(end, writeEnd);
  return terminal ? (output) => new KeptOpenCopy(copy(), writeEnd, output) : copy;
}
