import { closeSync, constants, openSync, readFileSync, rmSync } from "node:fs";
import type { Subprocess } from "bun";
import { TaskIOError } from "@taskio/core";
import { ReadEnd } from "@taskio/fifo/reactor";
import { pipe } from "../libc.ts";
import { isEnding } from "../process/proc.ts";

/** How a logger is told which process it logs, and where it may leave its stderr. */
export interface LoggerContext {
  readonly id: string;
  readonly namespace: string;
  /** A file of its own in an existing folder. */
  readonly stderr: string;
}

/** How long a logger may take until it is ready, in ms. */
const readyTimeout = 10_000;
/** How long after the end of its input it may take by itself, and after SIGTERM. */
const endGrace = 500;
const termGrace = 12_000;

/**
 * A logging binary: it gets the process's stdout and stderr as fds 3 and 4, and says on fd 5 that it
 * is ready, by a byte, or, in the first version of the protocol, by closing it.
 */
export class Logger {
  /** Write ends of its two inputs. */
  readonly inputs: readonly [number, number];
  readonly #child: Subprocess;
  readonly #context: LoggerContext;
  #open = true;

  private constructor(uri: URL, context: LoggerContext, waitWriter: number) {
    using ours = new DisposableStack();
    using childs = new DisposableStack();
    const inputPipe = () => {
      const [reader, writer] = pipe();
      childs.defer(() => closeSync(reader));
      ours.defer(() => closeSync(writer));
      return { reader, writer };
    };
    const [stdout, stderr] = [inputPipe(), inputPipe()];
    const errors = openErrors(context.stderr);
    childs.defer(() => closeSync(errors));
    try {
      this.#child = Bun.spawn([decodeURIComponent(uri.pathname), ...loggerArgs(uri)], {
        stdio: ["ignore", "ignore", errors, stdout.reader, stderr.reader, waitWriter],
        env: { CONTAINER_ID: context.id, CONTAINER_NAMESPACE: context.namespace },
        cwd: "/",
        detached: true,
      });
    } catch (error) {
      rmSync(context.stderr, { force: true });
      throw TaskIOError.from(error, "NOT_FOUND", `start the logger "${uri.href}"`);
    }
    this.#child.unref();
    this.#context = context;
    this.inputs = [stdout.writer, stderr.writer];
    ours.move();
  }

  /** Starts a logger and waits until it is ready. */
  static async start(uri: URL, context: LoggerContext): Promise<Logger> {
    const [waitReader, waitWriter] = pipe();
    let logger: Logger | undefined;
    try {
      try {
        logger = new Logger(uri, context, waitWriter);
      } finally {
        closeSync(waitWriter);
      }
      await logger.#ready(waitReader, uri);
      return logger;
    } catch (error) {
      if (logger) await logger.#giveUp();
      throw error;
    } finally {
      closeSync(waitReader);
    }
  }

  /** It sees the end of its input when the process and its children have gone too. */
  closeInputs(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const fd of this.inputs) closeSync(fd);
  }

  /** Ends it: by the end of its input, else by SIGTERM, else by SIGKILL. */
  async close(): Promise<void> {
    this.closeInputs();
    if (!(await this.#exitsWithin(endGrace))) {
      this.#child.kill("SIGTERM");
      if (!(await this.#exitsWithin(termGrace))) this.#child.kill("SIGKILL");
      await this.#child.exited;
    }
    this.#forget();
  }

  async #giveUp(): Promise<void> {
    this.closeInputs();
    this.#child.kill("SIGKILL");
    await this.#child.exited;
    this.#forget();
  }

  async #ready(waitReader: number, uri: URL): Promise<void> {
    const end = openWaitEnd(waitReader);
    const timeout = AbortSignal.timeout(readyTimeout);
    const late = new Promise<"late">((resolve) => {
      timeout.addEventListener("abort", () => resolve("late"), { once: true });
    });
    try {
      for (;;) {
        const said = end.read();
        if (said === "eof") return await this.#closedWithoutByte(uri);
        if (said !== "empty") return;
        if ((await Promise.race([end.readable(), late])) === "late") {
          throw this.#failed(uri, `was not ready within ${readyTimeout / 1000} s`);
        }
      }
    } finally {
      end.close();
    }
  }

  async #closedWithoutByte(uri: URL): Promise<void> {
    if (isEnding(this.#child.pid)) {
      throw this.#failed(uri, `exited with ${await this.#child.exited}`); // c#12490
    }
    if (uri.protocol === "binary-v2:") throw this.#failed(uri, "did not call ready");
  }

  #failed(uri: URL, why: string): TaskIOError {
    const said = readFileSync(this.#context.stderr, "utf8").slice(-2048).trim();
    return new TaskIOError(
      "ENGINE_FAILED",
      `the logger "${uri.href}" ${why}${said && `; its stderr: ${said}`}`,
    );
  }

  async #exitsWithin(ms: number): Promise<boolean> {
    return Promise.race([this.#child.exited.then(() => true), Bun.sleep(ms).then(() => false)]);
  }

  #forget(): void {
    rmSync(this.#context.stderr, { force: true });
  }
}

/** `k v k2 v2` of the query, in its order; of a repeated key the first value. */
export function loggerArgs(uri: URL): string[] {
  const args = new Map<string, string>();
  for (const [key, value] of uri.searchParams) if (!args.has(key)) args.set(key, value);
  return [...args].flat();
}

function openErrors(path: string): number {
  try {
    return openSync(path, "w", 0o600);
  } catch (error) {
    throw TaskIOError.from(error, "ENGINE_FAILED", `make the file "${path}" for a logger's stderr`);
  }
}

function openWaitEnd(waitReader: number): ReadEnd {
  const path = `/proc/self/fd/${waitReader}`;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return new ReadEnd(fd, "the logger's fd 5");
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
