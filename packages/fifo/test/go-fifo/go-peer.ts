import type { Config, StreamName } from "@taskio/core";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

/** What went through a stream of Go's. */
export interface Count {
  readonly bytes: number;
  readonly sha256: string;
}

/** What a client of Go's cio copied, so far or at its end. */
export interface Copied {
  readonly stdout: Count;
  readonly stderr: Count;
}

/** What Go's cio makes a creator or an attach of. */
export interface GoStreams {
  readonly streams: readonly StreamName[];
  /** The part of the data file that stdin gives. */
  readonly from?: number;
  readonly to?: number;
  /** Whether each write of an output takes a millisecond. */
  readonly slow?: boolean;
}

type Answer = { readonly id: number; readonly error?: string; readonly errno?: string } & Record<
  string,
  unknown
>;

/** What Go answered with an error. */
class GoError extends Error {
  constructor(
    message: string,
    readonly errno: string | undefined,
  ) {
    super(message);
  }
}

/** Builds the Go program beside this file. */
export async function buildGoPeer(program: string): Promise<void> {
  const options = { cwd: import.meta.dir, stderr: "pipe" } as const;
  await using build = Bun.spawn(["go", "build", "-o", program, "."], options);
  const stderr = await build.stderr.text();
  if ((await build.exited) !== 0) throw new Error(`go build failed: ${stderr}`);
}

/** A process of that program. What it opens or makes has a name, by which it is used and closed. */
export class GoPeer implements AsyncDisposable {
  readonly #process;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #requests = 0;

  /** @param dataFile what it takes its bytes from */
  constructor(program: string, dataFile: string) {
    this.#process = Bun.spawn([program, dataFile], { stdin: "pipe", stdout: "pipe" });
    void this.#readAnswers();
  }

  /** Go: `fifo.OpenFifo`. */
  async open(name: string, path: string, ...flags: string[]): Promise<void> {
    await this.#ask("open", { name, path, flags });
  }

  /** Writes a part of the data file in chunks of random sizes. */
  async write(name: string, from: number, to: number): Promise<void> {
    await this.#ask("write", { name, from, to });
  }

  /** As `write`, with a millisecond between two chunks. */
  async writeSlowly(name: string, from: number, to: number): Promise<void> {
    await this.#ask("write", { name, from, to, slow: true });
  }

  /** Reads until EOF, or so many bytes. */
  async read(name: string, size = -1): Promise<Count> {
    return (await this.#ask("read", { name, size }))["read"] as Count;
  }

  /** Go: `cio.NewFIFOSetInDir`, of that name too. */
  async newFIFOSetInDir(dir: string, id: string, terminal: boolean): Promise<Config> {
    const config = { terminal };
    return (await this.#ask("newFIFOSetInDir", { name: id, dir, config }))["config"] as Config;
  }

  /** Go: `cio.NewCreator`, of that name too. */
  async newCreator(dir: string, id: string, terminal: boolean, how: GoStreams): Promise<Config> {
    const request = { name: id, dir, config: { terminal }, ...how };
    return (await this.#ask("newCreator", request))["config"] as Config;
  }

  /** Go: `cio.NewAttach`. */
  async newAttach(name: string, config: Config, how: GoStreams): Promise<void> {
    await this.#ask("newAttach", { name, config, ...how });
  }

  /** What a client of cio has written to its sinks so far. */
  async progress(name: string): Promise<Copied> {
    return (await this.#ask("progress", { name })) as unknown as Copied;
  }

  /** Go: `IO.Wait`. */
  async wait(name: string): Promise<Copied> {
    return (await this.#ask("wait", { name })) as unknown as Copied;
  }

  /** Go: `IO.Cancel`. */
  async cancel(name: string): Promise<void> {
    await this.#ask("cancel", { name });
  }

  /** Closes what has one of the names. */
  async close(...names: string[]): Promise<void> {
    for (const name of names) await this.#ask("close", { name });
  }

  /** Waits until so many threads of Go's wait in `open` for the other side, for a second at most. */
  async untilOpening(threads = 1): Promise<void> {
    const { pid } = this.#process;
    const waits = (thread: string) => wchan(pid, thread) === "wait_for_partner";
    const waiting = () => readdirSync(`/proc/${pid}/task`).filter(waits).length;
    for (let i = 0; i < 200 && waiting() < threads; i++) await Bun.sleep(5);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  #ask(what: string, request: object): Promise<Answer> {
    const id = this.#requests++;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    this.#process.stdin.write(`${JSON.stringify({ id, do: what, ...request })}\n`);
    void this.#process.stdin.flush();
    return waiting.promise;
  }

  async #readAnswers(): Promise<void> {
    const stdout = Readable.fromWeb(this.#process.stdout);
    for await (const line of createInterface({ input: stdout })) this.#take(JSON.parse(line));
    for (const { reject } of this.#waiting.values()) reject(new Error("the Go program has ended"));
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)!;
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting.resolve(answer);
    else waiting.reject(new GoError(answer.error, answer.errno));
  }
}

function wchan(pid: number, thread: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/wchan`, "utf8");
  } catch {
    return undefined; // the thread has ended
  }
}
