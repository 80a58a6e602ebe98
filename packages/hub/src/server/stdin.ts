import { type Config, TaskIOError } from "@taskio/core";
import { openReader, ReadEnd, WriteEnd } from "@taskio/fifo/reactor";
import { FIFOSource } from "./fifo-source.ts";
import { StdinTurn } from "./stdin-turn.ts";

/** The task's stdin, which one viewer at a time has. */
export class Stdin {
  readonly #path: string;
  readonly #terminal: boolean;
  readonly #ended: () => void;
  readonly #turns = new Set<StdinTurn>();
  #fifo: WriteEnd | undefined;
  #holder: StdinTurn | undefined;
  /** Whether the holder has no more to write. */
  #isFree = false;
  #last: Promise<unknown> = Promise.resolve();
  #isLeaving = false;
  #isEnding = false;
  #isEnded = false;

  /**
   * Opens nothing: a task that waits for somebody at its stdin goes on waiting.
   *
   * @param ended called when a viewer has ended it
   */
  constructor({ stdin, terminal }: Config, ended: () => void) {
    this.#path = stdin;
    this.#terminal = terminal;
    this.#ended = ended;
  }

  /**
   * Gives stdin to a viewer, until it leaves.
   *
   * @param path of the FIFO that the viewer writes
   * @throws TaskIOError `IN_USE`, `CLOSED` once a viewer has asked for its end; as `openReader` and `WriteEnd` do
   */
  take(path: string): StdinTurn {
    this.#refuse();
    this.#isFree = false;
    const source = new FIFOSource(new ReadEnd(openReader(path), path));
    try {
      this.#open();
    } catch (error) {
      source.release();
      throw error;
    }
    const turn = new StdinTurn(source, () => this.#open(), this.#last);
    this.#last = this.#finish(turn);
    this.#holder = turn;
    this.#turns.add(turn);
    return turn;
  }

  /** Whether a turn is the current one. */
  isHeldBy(turn: StdinTurn | undefined): boolean {
    return turn !== undefined && this.#holder === turn;
  }

  /**
   * The viewer of a turn wants the task to see the end after what it has written. Nobody comes after it,
   * but at a terminal, which its end would hang up (c#4107): there it is the viewer's end only, and until
   * somebody else comes the terminal has its size.
   */
  endAfter(turn: StdinTurn): void {
    this.#isEnding = !this.#terminal;
    turn.endAfterwards();
  }

  /** The viewer of a turn has left. Others may take stdin now; what it wrote goes first. */
  leave(turn: StdinTurn): void {
    turn.leave();
    if (this.#holder === turn) this.#holder = undefined;
  }

  /**
   * Nobody takes stdin any more. What viewers have written up to now goes to the task, as far as it takes it
   * in so many ms.
   */
  async drain(ms: number): Promise<void> {
    this.#isLeaving = true;
    for (const turn of this.#turns) turn.leave();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#last, promise]);
    clearTimeout(timer);
  }

  /** What viewers have written and the task has not taken is dropped. */
  async close(): Promise<void> {
    this.#isEnded = true;
    for (const turn of this.#turns) turn.stop();
    await this.#last;
    this.#fifo?.close();
  }

  #open(): WriteEnd {
    if (this.#fifo) return this.#fifo;
    const fifo = (this.#fifo = new WriteEnd(this.#path));
    fifo.opened.catch(() => {
      fifo.close(); // a look for its reader failed: the next turn opens it anew
      this.#fifo = undefined;
    });
    return fifo;
  }

  #refuse(): void {
    if (this.#isLeaving) {
      throw new TaskIOError("ENGINE_FAILED", "the hub is leaving the task: attach to the next one");
    }
    if (this.#isEnding || this.#isEnded) {
      throw new TaskIOError("CLOSED", `"${this.#path}" was ended by a viewer: attach read-only`, {
        path: this.#path,
      });
    }
    if (!this.#holder || this.#isFree) return;
    throw new TaskIOError(
      "IN_USE",
      `another viewer has stdin since ${this.#holder.since.toISOString()}: attach read-only, or wait until it leaves`,
      { path: this.#path },
    );
  }

  async #finish(turn: StdinTurn): Promise<void> {
    const { isLast } = await turn.done;
    this.#turns.delete(turn);
    if (turn.isToEnd && !isLast) this.#isEnding = false; // it failed: the task has seen no end
    if (!isLast || this.#isEnded) return;
    if (this.#terminal) {
      this.#isFree = this.#holder === turn;
      return;
    }
    this.#isEnded = true;
    this.#fifo?.close();
    this.#ended();
  }
}
