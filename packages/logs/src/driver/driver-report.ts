import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { inspect } from "node:util";
import { driverReportPath, hasReportFolders, makeReportFolders } from "./report-path.ts";
import { type LoggerStart, programPath } from "./logger-start.ts";

/** So many problems are told, the first ones and the last ones; a driver can make them in a loop. */
const most = 10;

/** What went wrong with a driver, told where a person finds it: on stderr, and in a file. */
export class DriverReport {
  readonly #start: LoggerStart;
  readonly #problems: string[] = [];
  #path: string;
  #isDefault = true;

  constructor(start: LoggerStart) {
    this.#start = start;
    this.#path = driverReportPath(start.namespace, start.id);
  }

  /** Has it be another file. */
  moveTo(path: string): void {
    this.#path = path;
    this.#isDefault = false;
  }

  /** Tells of a problem at once. Never throws. */
  add(what: string, error?: unknown): void {
    const inFull = error === undefined ? what : `${what}: ${text(error)}`;
    this.#problems.push(`${new Date().toISOString()} ${inFull}`);
    const tooMany = this.#problems.length > most;
    if (tooMany) this.#problems.splice(most / 2, 2, "…");
    const brief = error === undefined ? what : `${what}: ${firstLine(error)}`;
    const unwritten = this.#write("");
    if (tooMany) return;
    // taskd shows the end of what stderr has
    if (unwritten === undefined) return say(`${brief} (more in "${this.#path}")`);
    const why = `the report "${this.#path}" could not be written: ${firstLine(unwritten)}`;
    say(`${inFull}\n${why}\n${brief}`);
  }

  /** The last word: with the counts where something went wrong, else the report of an earlier run goes. */
  finish(counts: string): void {
    if (this.#problems.length > 0) return void this.#write(`\n${counts}\n`);
    try {
      if (!this.#isDefault || hasReportFolders(this.#path)) rmSync(this.#path, { force: true });
    } catch {
      // it is of an earlier run, as its time says
    }
  }

  /** @returns what it failed with */
  #write(end: string): unknown {
    const { id, namespace } = this.#start;
    const title =
      `The log driver ${JSON.stringify(programPath())} of "${id}" in the namespace "${namespace}" ` +
      `(pid ${process.pid}) had problems:`;
    try {
      if (this.#isDefault) makeReportFolders(this.#path);
      else mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      replaceFile(this.#path, `${title}\n\n${this.#problems.join("\n")}\n${end}`);
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

/** Readers find the old text or the new one; a link in its place is replaced, not followed. */
function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  try {
    const fd = openSync(temporary, "wx", 0o600);
    try {
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // what failed first is told
    }
    throw error;
  }
}

function say(what: string): void {
  try {
    writeSync(2, `${basename(programPath())}: ${what}\n`);
  } catch {
    // its disk may be full
  }
}

/** An error with its stack and causes. */
function text(error: unknown): string {
  try {
    return inspect(error, { colors: false });
  } catch {
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "an error that can't be shown";
  }
}
