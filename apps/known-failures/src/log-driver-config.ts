/** What the log driver of the rows is told. */
export interface LogDriverConfig {
  readonly path: string;
  /** The file in which it says {@link AboutLogDriver}, as JSON. */
  readonly about: string;
  /** The name of a log format. */
  readonly format: string;
  readonly maxSize?: number;
  readonly maxFiles?: number;
  readonly compress?: boolean;
}

/** What the log driver says of itself. */
export interface AboutLogDriver {
  readonly pid: number;
  /** The most memory that it has had, in bytes; there at its end. */
  readonly peak?: number;
}
