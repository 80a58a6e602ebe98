import type { Copy, IO, StreamResult } from "@taskio/core";
import type { OutputName } from "../output-name.ts";
import type { HubConnection, ToldEnd } from "./hub-connection.ts";

/**
 * The copies of a viewer: those of its own FIFOs, whose end means nothing before the hub has said it.
 */
export class ViewerCopies {
  readonly #io: IO;
  readonly #hub: HubConnection;
  readonly #keepsStdin: boolean;
  readonly #outputs: ReturnType<IO["wait"]>;
  readonly #stopped = Promise.withResolvers<undefined>();
  #isGone = false;

  /**
   * @param io of the viewer's own FIFOs; the hub is left when all its copies have ended
   * @param keepStdinOpen whether the task's stdin is to stay open where its source ends
   */
  constructor(io: IO, hub: HubConnection, keepStdinOpen = false) {
    this.#io = io;
    this.#hub = hub;
    this.#keepsStdin = keepStdinOpen;
    this.#outputs = io.wait();
    void this.#endWithHub();
  }

  output(name: OutputName): Copy {
    return { done: this.#outputDone(name), stop: (how) => this.#stop(how) };
  }

  stdin(): Copy {
    return { done: this.#stdinDone(), stop: (how) => this.#stop(how) };
  }

  #stop(how: "cancel" | "detach"): void {
    if (how === "cancel") this.#io.cancel();
    else void this.#io.detach();
    this.#stopped.resolve(undefined);
  }

  async #outputDone(name: OutputName): Promise<StreamResult> {
    const result = (await this.#outputs)[name]!;
    if (result.end !== "eof") return result;
    const told = await this.#told(name);
    if (told === undefined) return { ...result, end: "stopped" };
    return told === "eof" ? result : { ...result, end: "failed", error: told };
  }

  async #stdinDone(): Promise<StreamResult> {
    const result = (await this.#io.stdinDone)!;
    if (result.end === "eof" && this.#keepsStdin) return result;
    if (result.end === "eof") this.#hub.send({ type: "end", stream: "stdin" });
    else if (!this.#isGone && result.error?.code !== "PEER_GONE") return result;
    const told = await this.#told("stdin");
    return told instanceof Error ? { ...result, end: "failed", error: told } : result;
  }

  /** Without a hub the outputs end by themselves. A source of stdin may say nothing for ever. */
  async #endWithHub(): Promise<void> {
    await this.#hub.gone;
    this.#isGone = true;
    await this.#outputs;
    this.#io.cancel();
  }

  /** What the hub says of a stream's end; undefined when the copies are stopped before. */
  #told(name: OutputName | "stdin"): Promise<ToldEnd | undefined> {
    return Promise.race([this.#hub.ended(name), this.#stopped.promise]);
  }
}
