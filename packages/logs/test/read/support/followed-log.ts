import { appendFileSync } from "node:fs";
import { type TempFolder, tempFolder, until, watchOnce } from "@taskio/test-support";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import { readLogs, type ReadLogsOptions } from "../../../src/index.ts";
import { textOf } from "./texts-of.ts";

/** A log that is followed while a test changes its files. */
export class FollowedLog implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly path: string;
  /** What was read by now. */
  readonly texts: string[] = [];
  readonly #ended = Promise.withResolvers<void>();
  readonly #leaks: () => Promise<void>;
  #reading: Promise<void> | undefined;

  constructor() {
    watchOnce();
    const before = snapshotResources();
    this.#leaks = () => expectNoLeaks(before);
    this.folder = tempFolder();
    this.path = this.folder.file("log");
  }

  append(text: string, path = this.path): void {
    appendFileSync(path, text);
  }

  follow(options: ReadLogsOptions = {}): void {
    const records = readLogs(this.path, { follow: true, ended: this.#ended.promise, ...options });
    this.#reading = (async () => {
      for await (const { data } of records) this.texts.push(textOf(data));
    })();
    this.#reading.catch(() => {}); // told at the end
  }

  /** Waits until something was read. */
  async has(text: string): Promise<void> {
    await until(() => this.texts.includes(text), `the record ${text}`, { ms: 10_000 });
  }

  /** Says that nobody writes any more; all that was read. */
  async end(): Promise<string[]> {
    this.#ended.resolve();
    await this.#reading;
    return this.texts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.resolve();
    await this.#reading?.catch(() => {});
    this.folder[Symbol.dispose]();
    await this.#leaks();
  }
}
