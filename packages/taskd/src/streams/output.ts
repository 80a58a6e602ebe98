/** Where a process's stdout or stderr goes. */
export interface Output {
  /** An open file for the process alone; the caller closes its fd. */
  open(): number;
  /** The fd that a terminal's output is written to, non-blocking; undefined where that can't be. */
  readonly writer?: number;
  /** The process has ended: nothing more comes from here. */
  ended(): void;
  /** Lets go of everything. */
  close(): Promise<void>;
}
