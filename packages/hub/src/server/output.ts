import {
  type ChunkReader,
  type ChunkSink,
  type ChunkWriter,
  type Copy,
  copyToSink,
  type StreamResult,
} from "@taskio/core";
import type { HubLog } from "../hub-log.ts";
import type { OutputName } from "../output-name.ts";
import { History } from "./history.ts";
import { OutputLog } from "./output-log.ts";
import { View, type ViewEvents } from "./view.ts";

/** What an {@link Output} does for its viewers. */
export interface Limits {
  /** How much is kept of what was written before a viewer came, in bytes. */
  readonly replay: number;
  /** How far a viewer may fall behind, in bytes. */
  readonly viewerLimit: number;
  /** What happens when one would fall behind further. */
  readonly slowViewers: "miss" | "wait";
}

/** What an {@link Output} tells a viewer. */
export type OutputEvents = Omit<ViewEvents, "moved">;

/** An output of the task: reads it into the log and into the views of all viewers. */
export class Output implements ChunkSink {
  readonly name: OutputName;
  readonly #reader: ChunkReader;
  readonly #log: OutputLog;
  readonly #limits: Limits;
  readonly #history = new History((chunk) => this.#reader.recycle?.(chunk));
  readonly #views = new Map<View, OutputEvents>();
  #newest = 0;
  #result: StreamResult | undefined;
  #goOn: (() => void) | undefined;
  #isStopped = false;

  /** The reader becomes the output's own; nothing is read before {@link start}. */
  constructor(name: OutputName, reader: ChunkReader, limits: Limits, log: HubLog | undefined) {
    this.name = name;
    this.#reader = reader;
    this.#limits = limits;
    this.#log = new OutputLog(name, log);
  }

  /** Reads from here on. The reader is the copy's then. */
  start(): Copy {
    const copy = copyToSink(this.#reader, this);
    const stop: Copy["stop"] = (how) => {
      copy.stop(how);
      this.#log.stop(how);
      this.#isStopped = true;
      this.#goOn?.(); // all that has it is a viewer who is waited for
    };
    return { done: this.#finish(copy.done), stop };
  }

  /** First the log, so that what anybody has seen is there after a crash. */
  write(chunk: Uint8Array): void | Promise<void> {
    const logged = this.#log.write(chunk);
    return logged ? logged.then(() => this.#publish(chunk)) : this.#publish(chunk);
  }

  release(): void {}

  /**
   * Opens a view from so many bytes before the end. It is the caller's to close.
   *
   * @param replay undefined for as much as viewers may have
   */
  view(fifo: ChunkWriter, replay: number | undefined, events: OutputEvents): View {
    const { start, end } = this.#history;
    const most = Math.min(replay ?? Infinity, this.#limits.replay);
    const view = new View(this.#history, Math.max(end - most, start), fifo, {
      ...events,
      moved: () => this.#moved(),
    });
    this.#views.set(view, events);
    return view;
  }

  /** Writes what the view is to begin with, and ends it where nothing follows. */
  begin(view: View): void {
    if (this.#result) this.#tellEnd(view, this.#views.get(view)!);
    else view.flush();
    this.#forgetClosed();
  }

  forget(view: View): void {
    view.close();
    this.#moved();
  }

  /** Whether a viewer has not got all of what was read. */
  get isBehind(): boolean {
    return this.#views.keys().some((view) => !view.isClosed && view.offset < this.#history.end);
  }

  #publish(chunk: Uint8Array): void | Promise<void> {
    this.#history.append(chunk);
    this.#newest = chunk.length;
    for (const view of this.#views.keys()) view.flush();
    this.#forgetClosed();
    this.#trim();
    if (this.#isFull) return new Promise((resolve) => (this.#goOn = resolve));
  }

  #moved(): void {
    this.#forgetClosed();
    this.#trim();
    if (!this.#isFull) this.#goOn?.();
  }

  #forgetClosed(): void {
    for (const view of this.#views.keys()) if (view.isClosed) this.#views.delete(view);
  }

  /** Keeps what new viewers get, and what the slowest one has yet to get, if that is not too much. */
  #trim(): void {
    const { end } = this.#history;
    const { replay } = this.#limits;
    this.#history.trim(Math.min(end - replay, Math.max(end - this.#mostBehind, this.#slowest)));
  }

  /** Whether the task has to wait for a viewer. */
  get #isFull(): boolean {
    const { slowViewers, viewerLimit } = this.#limits;
    if (this.#isStopped) return false;
    return slowViewers === "wait" && this.#history.end - this.#slowest > viewerLimit;
  }

  /** A chunk at least, so that who is behind has something to go on with. */
  get #mostBehind(): number {
    const { slowViewers, viewerLimit } = this.#limits;
    return slowViewers === "wait" ? Infinity : Math.max(viewerLimit, this.#newest);
  }

  /** How far the slowest viewer is. */
  get #slowest(): number {
    let slowest = this.#history.end;
    for (const { offset } of this.#views.keys()) slowest = Math.min(slowest, offset);
    return slowest;
  }

  async #finish(done: Promise<StreamResult>): Promise<StreamResult> {
    const result = await done;
    if (result.end === "eof") await this.#log.end(); // who sees the end finds all of it in the log
    this.#result = result;
    for (const [view, events] of this.#views) this.#tellEnd(view, events);
    this.#forgetClosed();
    return this.#log.result(result);
  }

  /** A hub that stops has not seen the end: its viewers see that it went away. */
  #tellEnd(view: View, events: OutputEvents): void {
    if (this.#result?.end === "eof") return view.end();
    if (!this.#result?.error) return;
    events.failed(this.#result.error);
    view.close();
  }
}
