import type { Size } from "../process/process-spec.ts";

/** A process's streams from its creation until it is deleted. */
export interface ProcessStreams {
  /** The terminal's path, for a process that has one. */
  readonly terminal?: string;
  /** Its fds 0 to 2: open files for the process alone, which the caller closes. */
  childFds(): (number | "ignore")[];
  /** The process has its own ends now. */
  started(): void;
  /** Ends stdin once the clients' writers have gone too. Without effect on a terminal. */
  closeStdin(): void;
  /** Without effect where there is no terminal. */
  resize(size: Size): void;
  /** The process has ended. */
  ended(): void;
  /** Lets go of everything. */
  close(): Promise<void>;
}
