import { basename } from "node:path";
import type { LogFormat } from "../format/log-format.ts";
import { findCompressed } from "./find-compressed.ts";
import { isPart, type LogPart, type PartIdentity, statOf } from "./log-part.ts";
import { closeAll, openChain } from "./open-chain.ts";
import { PartHead } from "./part-head.ts";
import type { Reading } from "./reading.ts";
import { bytesOf, continueReading, startReading } from "./start-reading.ts";
import type { Portion, Starts } from "./tail.ts";

/** A part that is still to be read, wholly or in part. */
interface Step {
  readonly part: LogPart;
  readonly starts: Starts | undefined;
  reading: Reading | undefined;
  /** It is read up to here. */
  limit: number;
}

/** How many empty files may follow on one that is waited for. */
const maxWaiting = 8;

/** The parts of a log that are still to be read, open, the oldest first: the current one and newer ones. */
export class LogWalk implements AsyncDisposable {
  readonly #path: string;
  #steps: Step[];
  /** Parts of the log that are behind: those that were read, and those that were not wanted. */
  #older: PartIdentity[];
  #isLast = false;
  readonly #format: LogFormat;
  /** The time of the last record that was read. */
  time: bigint | undefined;

  /** @param portions takes their parts over */
  constructor(
    path: string,
    format: LogFormat,
    portions: readonly Portion[],
    older: readonly PartIdentity[],
  ) {
    this.#path = path;
    this.#format = format;
    this.#older = [...older];
    this.#steps = portions.map(({ part, starts }) => newStep(part, starts));
  }

  /** The last look: from now on, nothing is read that is written now. */
  limit(): void {
    this.#isLast = true;
    for (const step of this.#steps) setLimit(step);
  }

  /** From which offsets on the records of the current part are wanted. */
  get starts(): Starts | undefined {
    return this.#steps[0]?.starts;
  }

  /**
   * Reads of the current part; `end` where it has no more for now.
   *
   * @param isLeft what {@link isLeft} was when that began
   */
  async next(
    isLeft: boolean,
  ): Promise<{ readonly block: Buffer; readonly at: number } | "end" | "cut"> {
    const step = this.#steps[0];
    if (!step) return "end";
    step.reading ??= await startReading(step.part, firstOffset(step.starts), this.#format.framed);
    const isFirst = isUnread(step);
    const block = await step.reading.next(step.limit, isLeft);
    if (typeof block === "string") return block;
    if (isFirst && (await this.#addCopies(step, block))) return this.next(isLeft);
    return { block, at: step.reading.place.offset - block.length };
  }

  /**
   * Whether nobody writes the current part any more: a newer one has something. An empty one is no sign,
   * as logrotate makes it before the writer is told. What the current part has by then is still to be read.
   */
  get isLeft(): boolean {
    const newer = this.#steps.slice(1);
    if (newer.length === 0) return false;
    return (
      this.#isLast || newer.length > maxWaiting || newer.some(({ part }) => part.state.size > 0)
    );
  }

  /** Goes on to the next newer part. */
  async advance(): Promise<void> {
    const [step] = this.#steps.splice(0, 1);
    if (!step) return;
    this.#older.push(step.part.identity(step.reading?.crc));
    await close(step);
  }

  /** Finds the parts that are newer than all that are known. */
  async refresh(): Promise<void> {
    const newest = this.#steps.at(-1);
    if (newest && isUnread(newest)) await this.#addCopies(newest);
    if (newest?.part.is(statOf(this.#path))) return;
    const chain = await openChain(this.#path);
    let added: LogPart[] = [];
    try {
      added = await this.#newerIn(chain);
    } finally {
      closeAll(chain.filter((part) => !added.includes(part)));
    }
    this.#steps.push(...this.#newSteps(added));
  }

  /**
   * Goes on where the bytes are that were read last, after the current part was cut: in a copy of it
   * that was made before, then in all newer parts.
   *
   * @returns whether there is one; if not, the current part is read from its start
   */
  async findPlace(): Promise<boolean> {
    const chain = await openChain(this.#path);
    let kept: LogPart[] = [];
    let reading: Reading | undefined;
    try {
      const { place } = this.#steps[0]!.reading!;
      const unknown = chain.filter((part) => this.#has(part) || !this.#isKnown(part));
      for (let i = unknown.length - 1; !reading && i >= 0; i--) {
        reading = await continueReading(unknown[i]!, place, this.#format.framed);
        if (reading) kept = unknown.slice(i);
      }
      if (!reading) kept = await this.#notOlder(unknown);
      this.#keepOlder(chain.filter((part) => !kept.includes(part)));
    } finally {
      closeAll(chain.filter((part) => !kept.includes(part)));
    }
    await this[Symbol.asyncDispose]();
    this.#steps = this.#newSteps(kept);
    if (reading) this.#steps[0]!.reading = reading;
    return reading !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const steps = this.#steps;
    this.#steps = [];
    for (const step of steps) await close(step);
  }

  #newSteps(parts: readonly LogPart[]): Step[] {
    const steps = parts.map((part) => newStep(part));
    if (this.#isLast) steps.forEach(setLimit);
    return steps;
  }

  /**
   * A file may have been copied and truncated before anything of it was read: nothing in itself tells.
   * Adds such copies before its step.
   *
   * @param start what it begins with: a copy that does so too is one of what is there now
   * @returns whether there were any; then the step begins anew
   */
  async #addCopies(step: Step, start?: Buffer): Promise<boolean> {
    const chain = await openChain(this.#path);
    const index = chain.findIndex((part) => isOneFile(part, step.part));
    let copies: LogPart[] = [];
    try {
      const before = chain.slice(0, Math.max(index, 0));
      const twins = await Promise.all(this.#steps.map(({ part }) => findCompressed(before, part)));
      const unknown = before.filter(
        (part) => !this.#isKnown(part) && !this.#has(part) && !twins.includes(part),
      );
      for (const part of await this.#notOlder(unknown)) {
        const bytes = await bytesOf(part, 0, start?.length ?? 0);
        if (!start || !bytes.equals(start.subarray(0, bytes.length))) copies.push(part);
      }
    } catch (error) {
      copies = [];
      throw error;
    } finally {
      closeAll(chain.filter((part) => !copies.includes(part)));
    }
    if (copies.length === 0) return false;
    await step.reading?.close();
    step.reading = undefined;
    this.#steps.splice(this.#steps.indexOf(step), 0, ...this.#newSteps(copies));
    return true;
  }

  async #newerIn(chain: readonly LogPart[]): Promise<LogPart[]> {
    const known = await this.#newestKnown(chain);
    const newer = known
      ? chain.slice(chain.indexOf(known) + 1)
      : await this.#notOlder(chain.filter((part) => !this.#isKnown(part)));
    this.#keepOlder(chain.filter((part) => !newer.includes(part) && this.#isKnown(part)));
    return newer;
  }

  /** The newest one of our parts that is still in the log, by whatever name, compressed or not. */
  async #newestKnown(chain: readonly LogPart[]): Promise<LogPart | undefined> {
    for (const { part } of this.#steps.toReversed()) {
      const found =
        chain.find((one) => isOneFile(one, part)) ?? (await findCompressed(chain, part));
      if (found) return found;
    }
  }

  #has(part: LogPart): boolean {
    return this.#steps.some((step) => isOneFile(step.part, part));
  }

  #isKnown(part: LogPart): boolean {
    return this.#older.some((one) => isPart(one, part));
  }

  /**
   * Of parts that are not known: a rotated one that was compressed since it was known is another file, but
   * begins before what was read. No other is judged by its time: the clock may have been set back.
   */
  async #notOlder(parts: readonly LogPart[]): Promise<LogPart[]> {
    const kept: LogPart[] = [];
    for (const part of parts) {
      if (this.#has(part) || basename(part.path) === basename(this.#path)) {
        kept.push(part);
        continue;
      }
      const first = (await PartHead.of(part)).firstRecord(this.#format)?.time;
      if (first === undefined || this.time === undefined || first >= this.time) kept.push(part);
    }
    return kept;
  }

  #keepOlder(parts: readonly LogPart[]): void {
    this.#older = parts.map(
      (part) => this.#older.find((one) => !part.compressed && isPart(one, part)) ?? part.identity(),
    );
  }
}

function isUnread({ reading }: Step): boolean {
  return !reading || reading.place.offset === 0;
}

function newStep(part: LogPart, starts?: Starts): Step {
  return { part, starts, reading: undefined, limit: Infinity };
}

function setLimit(step: Step): void {
  if (!step.part.compressed) step.limit = step.part.state.size;
}

function firstOffset(starts: Starts | undefined): number {
  return starts ? Math.min(starts.stdout, starts.stderr) : 0;
}

async function close({ part, reading }: Step): Promise<void> {
  await reading?.close();
  part[Symbol.dispose]();
}

/** Both are open, so that the number of neither's inode can have come again. */
function isOneFile(a: LogPart, b: LogPart): boolean {
  return a.inode === b.inode && a.device === b.device;
}
