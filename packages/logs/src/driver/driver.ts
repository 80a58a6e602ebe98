import { TaskIOError } from "@taskio/core";
import type { DriverContext } from "./driver-context.ts";
import { checkedOptions, defaultDrainMs, type DriverOptions } from "./driver-options.ts";
import { DriverReport } from "./driver-report.ts";
import { loggerFds, type LoggerStart } from "./logger-start.ts";
import { ReadyPipe } from "./ready-pipe.ts";
import { TaskOutput } from "./task-output.ts";

/** What a driver is: it logs until the streams end, or it throws. */
export type DriverMain = (context: DriverContext) => void | Promise<void>;

/** How long main may go on when its streams were ended early, in ms. */
const lastGrace = 500;
/** What a timer can wait, in ms: 24 days. */
const longestTimer = 2 ** 31 - 1;

/** One run of a driver, from its start to its exit code. */
export class Driver {
  readonly #start: LoggerStart;
  readonly #report: DriverReport;
  readonly #stdout = new TaskOutput("stdout", loggerFds.stdout);
  readonly #stderr = new TaskOutput("stderr", loggerFds.stderr);
  readonly #ready = new ReadyPipe(loggerFds.ready);
  readonly #terminated = new AbortController();
  readonly #failed = Promise.withResolvers<void>();
  readonly #late = Promise.withResolvers<void>();
  #drainMs = defaultDrainMs;
  #exitCode = 0;
  #mainEnded = false;

  constructor(start: LoggerStart) {
    this.#start = start;
    this.#report = new DriverReport(start);
  }

  /** @returns the exit code */
  async run(main: DriverMain, options: DriverOptions): Promise<number> {
    this.#catchStrays();
    this.#handleSignals();
    const ended = this.#run(main, options).then(() => void (this.#mainEnded = true));
    await Promise.race([ended, this.#failed.promise, this.#late.promise]);
    await Promise.race([this.#drain(), this.#late.promise]);
    await Promise.race([ended, Bun.sleep(lastGrace)]);
    await new Promise((resolve) => setImmediate(resolve)); // warnings just made are told then
    this.#report.finish([this.#stdout, this.#stderr].map(counts).join("\n"));
    return this.#exitCode;
  }

  async #run(main: DriverMain, options: DriverOptions): Promise<void> {
    try {
      const { report, drainMs } = checkedOptions(options);
      if (report !== undefined) this.#report.moveTo(report);
      this.#drainMs = drainMs;
      await main(this.#context());
      if (!this.#ready.told) this.#fail("main returned before it called ready()");
    } catch (error) {
      this.#fail("main threw", error);
    }
  }

  #context(): DriverContext {
    return {
      ...this.#start,
      stdout: this.#stdout,
      stderr: this.#stderr,
      ready: () => this.#ready.tell(),
      terminated: this.#terminated.signal,
    };
  }

  /** The report comes first: one who waits for the driver to be ready ends it at the next step. */
  #fail(what: string, error?: unknown): void {
    this.#tell(what, error);
    this.#ready.close();
    this.#failed.resolve();
  }

  #tell(what: string, error?: unknown): void {
    this.#exitCode = 1;
    this.#report.add(what, error);
  }

  /** So that the task neither waits nor gets SIGPIPE. */
  async #drain(): Promise<void> {
    const outputs = [this.#stdout, this.#stderr].map(async (output) => {
      try {
        await output.drain();
      } catch (error) {
        this.#tell(`${output.name} could not be drained`, error);
      }
    });
    await Promise.all(outputs);
  }

  /**
   * An error that nobody caught would end the process, and with it the task that writes. Warnings, such as
   * a log writer's on a full disk, are reported and no failure.
   */
  #catchStrays(): void {
    process.on("warning", (warning) => this.#report.add("a warning", warning));
    process.on("uncaughtException", (error) => this.#fail("an error was not caught", error));
    process.on("unhandledRejection", (error) => this.#fail("a promise was rejected", error));
  }

  #handleSignals(): void {
    for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => {});
    process.on("SIGTERM", () => this.#terminate());
  }

  #terminate(): void {
    if (this.#terminated.signal.aborted) return;
    if (this.#drainMs <= longestTimer) setTimeout(() => this.#expire(), this.#drainMs);
    this.#terminated.abort(new TaskIOError("STOPPED", "SIGTERM: the task was deleted"));
  }

  #expire(): void {
    const left = [this.#stdout, this.#stderr].filter((output) => !output.atEnd()).map(remainder);
    if (left.length === 0 && !this.#mainEnded) left.push("main had not ended");
    this.#tell(`not done ${this.#drainMs} ms after SIGTERM: ${left.join(", ")}`);
    this.#late.resolve();
  }
}

function remainder(output: TaskOutput): string {
  const { name, unread } = output;
  if (unread > 0) return `${unread} bytes of ${name} were not read`;
  return `another process still has ${name} open`;
}

function counts({ name, bytes, discarded, ended }: TaskOutput): string {
  const end = ended ? "" : ", and its end was not reached";
  return `${name}: ${bytes} bytes went to main, ${discarded} were discarded${end}`;
}
