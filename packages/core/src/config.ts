/**
 * Where a task's standard streams are: FIFO paths, or log URIs.
 *
 * An empty string means that the stream is not wired. This is what a client sends to the runtime
 * (`CreateTaskRequest`, `ExecProcessRequest`), and what the runtime gives back for an attach.
 * Go: `cio.Config`.
 *
 * @example
 * ```ts
 * import type { Config } from "@taskio/core";
 *
 * const config: Config = { terminal: false, stdin: "", stdout: "/run/x/t1-stdout", stderr: "/dev/null" };
 * console.log(config.stdout);
 * ```
 */
export interface Config {
  /** Whether the task has a terminal. Its stderr is then `""`: a terminal has one output. */
  readonly terminal: boolean;
  /** Absolute path of the FIFO that the task reads, or `""`. */
  readonly stdin: string;
  /** Absolute path of the FIFO that the task writes, a log URI, `/dev/null`, or `""`. */
  readonly stdout: string;
  /** As `stdout`. */
  readonly stderr: string;
}

/** The name of one of a task's streams. */
export type StreamName = "stdin" | "stdout" | "stderr";
