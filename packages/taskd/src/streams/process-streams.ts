import type { Size } from "../process/process-spec.ts";

/** A process's streams from its creation until it is deleted. */
export interface ProcessStreams {
  /** Its fds 0 to 2, some of which may be the same: files for the process alone, which the caller closes. */
  childFds(): (number | "ignore")[];
  /** The process has its own ends now. */
  started(): void;
  /** Ends stdin once the clients' writers have gone too. Without effect on a terminal. */
  closeStdin(): void;
  /** Without effect where there is no terminal. */
  resize(size: Size): void;
  /** The process has ended. */
  ended(): void;
  /** Settles when those who read the outputs now have all of them. Nobody can come later. */
  flush(): Promise<void>;
  /** Lets go of everything. Readers that are slow lose what does not fit in their FIFO. */
  close(): Promise<void>;
}
