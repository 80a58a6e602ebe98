import type { OutputName } from "./output-name.ts";

/** What a hub writes a task's output to before anybody sees it; `openLogWriter` of @taskio/logs gives one. */
export interface HubLog {
  /**
   * Writes what a stream gave. The task waits for the promise. The chunk is not the log's: it may be
   * neither changed nor kept.
   */
  write(stream: OutputName, chunk: Uint8Array): void | Promise<void>;
  /** The stream is at its end. Viewers are told when the promise has settled. */
  end?(stream: OutputName): void | Promise<void>;
}
