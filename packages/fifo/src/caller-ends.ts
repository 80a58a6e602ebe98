import { closeSync, fstatSync } from "node:fs";
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
import { openReader, ReadEnd } from "./read-end.ts";
import { WriteEnd } from "./write-end.ts";

/** The copies of a task's streams, under way. */
export interface Copies {
  readonly stdin?: Copy | undefined;
  readonly stdout?: Copy | undefined;
  readonly stderr?: Copy | undefined;
}

type SourceEnd = ChunkSource | FdEnd;
type SinkEnd = ChunkSink | FdEnd;
/** Begins a copy, or gives back the end of a stream that is not wired. */
type Start = () => Copy | undefined;

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
    using held = this.#held.move();
    const stdout = openOutput(config.stdout, this.#stdout, held);
    const stderr = openOutput(config.stderr, this.#stderr, held);
    const stdin = openInput(config.stdin, this.#stdin, held);
    held.move();
    return { stdin: stdin(), stdout: stdout(), stderr: stderr() };
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

function openOutput(path: string, end: SinkEnd | undefined, held: DisposableStack): Start {
  if (!end || !isWired(path)) return () => void end?.release();
  const fd = openReader(path);
  held.defer(() => closeSync(fd));
  if (!("fd" in end)) return () => copyToSink(new ReadEnd(fd, path), end);
  refuseItself(fd, path, end);
  return () => new FdSinkCopy(fd, path, end);
}

function openInput(path: string, end: SourceEnd | undefined, held: DisposableStack): Start {
  if (!end || !isWired(path)) return () => void end?.release();
  const fifo = new WriteEnd(path);
  held.defer(() => fifo.close());
  return () => ("fd" in end ? new FdSourceCopy(end, fifo) : copyFromSource(end, fifo));
}

/** What is written to the FIFO that is read would come around for ever. */
function refuseItself(fd: number, path: string, { stats }: FdEnd): void {
  const fifo = fstatSync(fd);
  if (fifo.ino !== stats.ino || fifo.dev !== stats.dev) return;
  throw new TaskIOError("INVALID_ARGUMENT", `"${path}" cannot be copied into itself`, { path });
}
