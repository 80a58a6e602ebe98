/** Where a process's stdout or stderr goes. */
export interface Output {
  /** An open file for the process alone; the caller closes its fd. */
  open(): number;
  /** The fd that a terminal's output is written to, non-blocking; undefined where that can't be. */
  readonly writer?: number;
  /** Keeps it no longer for readers to come: who writes where nobody reads is told so. */
  dropReader?(): void;
  /** The process has ended: nothing more comes from here. */
  ended(): void;
  /** Lets go of everything. */
  close(): Promise<void>;
}
