import fs from "node:fs";
import { basename, dirname } from "node:path";
import type { Query } from "./query.ts";
import { statOf } from "./log-part.ts";

/**
 * How often to look without being told, in ms. Nothing is told of a folder that was replaced, of a file
 * that another host writes (NFS), or that was moved out of the folder and is still written; and nothing
 * at all where the kernel's watches are used up.
 */
const period = { watched: 1000, unwatched: 100 };

/** How long after `until` a record of that time may still be on its way to the file, in ms. */
const grace = 100;

/** Tells when there may be more to read. */
export class LogWatch implements Disposable {
  readonly #signal: AbortSignal;
  readonly #follow: boolean;
  readonly #ended: Promise<unknown> | undefined;
  /** In ms since 1970. */
  readonly #end: number;
  #path: string;
  #watcher: fs.FSWatcher | undefined;
  #folder: bigint | undefined;
  #isEnded = false;
  #isWoken = false;
  #resolve: (() => void) | undefined;

  constructor({ path, follow, ended, selection: { until } }: Query, signal: AbortSignal) {
    this.#path = path;
    this.#follow = follow;
    this.#ended = ended;
    this.#signal = signal;
    this.#end = until === undefined ? Infinity : Number(until / 1_000_000n) + grace;
    if (!follow) return;
    signal.addEventListener("abort", this.#wake);
    const end = () => {
      this.#isEnded = true;
      this.#wake();
    };
    ended?.then(end, end);
    this.#watch();
  }

  /** Whether what is there now is all that is asked for. */
  get isOver(): boolean {
    return !this.#follow || this.#isEnded || Date.now() >= this.#end;
  }

  /**
   * Waits for nothing: `ended` has settled, or was not what ended it.
   *
   * @throws what `ended` has rejected with
   */
  async throwIfFailed(): Promise<void> {
    if (this.#isEnded) await this.#ended;
  }

  /** Where the newest file of the log is; links are followed by others. */
  set path(path: string) {
    this.#path = path;
    if (this.#follow) this.#watch();
  }

  /**
   * Waits until there may be something new since the last call.
   *
   * @throws the signal's reason
   */
  async changed(): Promise<void> {
    this.#watch();
    if (!this.#isWoken && !this.#signal.aborted) await this.#sleep();
    this.#isWoken = false;
    this.#signal.throwIfAborted();
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#wake);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  async #sleep(): Promise<void> {
    const most = this.#watcher ? period.watched : period.unwatched;
    const ms = Math.min(most, Math.max(0, this.#end - Date.now()));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#resolve = resolve;
    await promise;
    clearTimeout(timer);
    this.#resolve = undefined;
  }

  readonly #wake = (): void => {
    this.#isWoken = true;
    this.#resolve?.();
  };

  /** Watches the folder that is there now. What happened before was not told: so there may be more. */
  #watch(): void {
    const folder = dirname(this.#path);
    const inode = statOf(folder)?.ino;
    if (this.#watcher && inode === this.#folder) return;
    this.#watcher?.close();
    this.#watcher = inode === undefined ? undefined : this.#newWatcher(folder);
    this.#folder = inode;
    if (this.#watcher) this.#isWoken = true;
  }

  #newWatcher(folder: string): fs.FSWatcher | undefined {
    try {
      const watcher = fs.watch(folder, (_, entry) => {
        if (entry === null || entry.startsWith(basename(this.#path))) this.#wake();
      });
      return watcher.on("error", () => {
        watcher.close();
        if (this.#watcher === watcher) this.#watcher = undefined;
      });
    } catch {
      return undefined; // gone meanwhile, not readable, or no more watches: the period is shorter then
    }
  }
}
