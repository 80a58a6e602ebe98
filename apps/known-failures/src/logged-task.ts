import type { Task } from "@taskio/containerd";
import { binaryIO } from "@taskio/log-file";
import { driverReportPath, type LogRecord, readLogs } from "@taskio/logs";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { allOver } from "./all-over.ts";
import { expectSame } from "./expect-same.ts";
import type { AboutLogDriver, LogDriverConfig } from "./log-driver-config.ts";
import type { TempFolder } from "./temp-folder.ts";
import { unlessGone } from "./unless-gone.ts";
import { within } from "./within.ts";
import type { World } from "./world.ts";

let count = 0;
/** After which a task has hung, in ms. */
const patience = 60_000;

/** How its log is written. */
type LogOptions = Partial<Omit<LogDriverConfig, "path" | "about">>;

type See = (record: LogRecord) => void | Promise<void>;

/** A task of containerd's whose output our log driver writes to a log. Disposing ends it. */
export class LoggedTask implements AsyncDisposable {
  readonly task: Task;
  /** The file of the log. */
  readonly path: string;
  readonly #about: string;
  /** What its driver makes where it has a problem. */
  readonly #report: string;
  readonly #ended = Promise.withResolvers<void>();

  private constructor(task: Task, { path, about }: LogDriverConfig, report: string) {
    this.task = task;
    this.path = path;
    this.#about = about;
    this.#report = report;
  }

  /** Makes it; it is still to be started. */
  static async create(
    world: World,
    folder: TempFolder,
    args: readonly string[],
    options: LogOptions = {},
  ): Promise<LoggedTask> {
    const name = `logged-${++count}`;
    const [path, about] = [folder.file(`${name}.log`), folder.file(`${name}.json`)];
    const config = { format: "cri", ...options, path, about };
    const creator = binaryIO(await world.logDriver(), { log: JSON.stringify(config) });
    const task = await world.client.createTask(await world.newContainer(args), { creator });
    return new LoggedTask(task, config, driverReportPath(world.client.namespace, task.id));
  }

  /** What its log driver says of itself. */
  get driver(): AboutLogDriver {
    return JSON.parse(readFileSync(this.#about, "utf8")) as AboutLogDriver;
  }

  /**
   * Starts it, follows its log up to its end, and deletes it.
   *
   * @param see is given each record, and the next one when it has settled
   * @param meanwhile runs while the task does, and before its end is waited for
   * @throws Error where the task hangs or fails, or its driver has a problem
   */
  async run(see: See, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
    await allOver([this.#toEnd(meanwhile), this.#follow(see)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await unlessGone(this.task.delete({ kill: true, grace: 0 }));
  }

  async #toEnd(meanwhile: () => Promise<unknown>): Promise<void> {
    try {
      await this.task.start();
      await meanwhile();
      const wait = (signal: AbortSignal) => this.task.wait({ signal });
      const { exitCode } = await within(patience, "a task with a log", wait);
      await this.task.delete(); // which waits for the end of its driver
      expectSame(exitCode, 0, "the exit code of a task with a log");
      this.#expectNoReport();
    } finally {
      this.#ended.resolve();
    }
  }

  #expectNoReport(): void {
    if (!existsSync(this.#report)) return;
    const report = readFileSync(this.#report, "utf8");
    rmSync(this.#report);
    throw new Error(report.replaceAll(/\s+/g, " "));
  }

  async #follow(see: See): Promise<void> {
    const records = readLogs(this.path, { follow: true, ended: this.#ended.promise });
    for await (const record of records) await see(record);
  }
}
