import {
  type Config,
  type FIFOSet,
  type IO,
  type IOResult,
  isWired,
  newIO,
  stopGrace,
} from "@taskio/core";
import type { Hub } from "../hub.ts";
import type { HubOptions } from "../hub-options.ts";
import type { LineSocket } from "../protocol/line-socket.ts";
import type { TerminalSize } from "../terminal-size.ts";
import { type HubListener, listenAt } from "./hub-listener.ts";
import type { Output } from "./output.ts";
import { Stdin } from "./stdin.ts";
import { type ViewedTask, Viewer } from "./viewer.ts";

/** What `newHub` gives. */
export class RunningHub implements Hub, ViewedTask {
  readonly config: Config;
  readonly socket: string;
  readonly outputs: readonly Output[];
  readonly stdin: Stdin | undefined;
  readonly #options: HubOptions;
  readonly #listener: HubListener;
  readonly #viewers = new Set<Viewer>();
  readonly #io: IO;
  #left: Promise<void> | undefined;

  /**
   * Listens, then reads. The outputs become its own.
   *
   * @throws TaskIOError as `listenAt` does; the outputs are still the caller's then
   */
  constructor(fifos: FIFOSet, socket: string, outputs: readonly Output[], options: HubOptions) {
    const { config } = fifos;
    this.config = config;
    this.socket = socket;
    this.outputs = outputs;
    this.#options = options;
    this.stdin = isWired(config.stdin)
      ? new Stdin(config, () => calledBack(() => options.onStdinEnd?.()))
      : undefined;
    this.#listener = listenAt(socket, (socket) => this.#accept(socket));
    const copies = Object.fromEntries(outputs.map((output) => [output.name, output.start()]));
    this.#io = newIO({ config, ...copies, close: () => fifos.close() });
  }

  get viewers(): number {
    return [...this.#viewers].filter(({ isAttached }) => isAttached).length;
  }

  wait(options?: { signal?: AbortSignal }): Promise<IOResult> {
    return this.#io.wait(options);
  }

  async detach(): Promise<IOResult> {
    const result = await this.#io.detach();
    await this.#leave("detach");
    return result;
  }

  async close(): Promise<void> {
    this.#io.cancel();
    await this.#io.wait();
    await this.#leave("cancel");
    await this.#io.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  resized(size: TerminalSize): void {
    calledBack(() => this.#options.onResize?.(size));
  }

  left(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  #accept(socket: LineSocket): Viewer {
    const viewer = new Viewer(this, socket);
    this.#viewers.add(viewer);
    return viewer;
  }

  #leave(how: "cancel" | "detach"): Promise<void> {
    return (this.#left ??= this.#leaveOnce(how));
  }

  async #leaveOnce(how: "cancel" | "detach"): Promise<void> {
    this.#listener.stop();
    const grace = stopGrace.detach;
    await Promise.all([
      this.#untilTaken(performance.now() + grace),
      how === "detach" && this.stdin?.drain(grace),
    ]);
    for (const viewer of this.#viewers) viewer.end();
    await this.stdin?.close();
  }

  async #untilTaken(deadline: number): Promise<void> {
    while (this.outputs.some(({ isBehind }) => isBehind) && performance.now() < deadline) {
      await Bun.sleep(5);
    }
  }
}

/** What a callback throws is its program's, and not the viewer's whose message it is about. */
function calledBack(callback: () => void): void {
  queueMicrotask(callback);
}
