/**
 * A process as the OCI runtime spec has it, as far as it is used here; every other field is passed on.
 */
export interface OCIProcess {
  readonly args: readonly string[];
  /** An absolute path in the container. */
  readonly cwd: string;
  /** `NAME=value` each. Without a PATH only absolute commands are found. */
  readonly env?: readonly string[];
  /** Whether it gets a terminal. */
  readonly terminal?: boolean;
  /** The terminal's size at the start; 0 by 0 without it. */
  readonly consoleSize?: { readonly height: number; readonly width: number };
  readonly user?: { readonly uid: number; readonly gid: number; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** A container as the OCI runtime spec has it, as far as it is used here; the rest is passed on. */
export interface OCISpec {
  /** Such as `"1.0.2"`. */
  readonly ociVersion: string;
  readonly process?: OCIProcess;
  readonly root?: { readonly path: string; readonly readonly?: boolean };
  readonly [field: string]: unknown;
}
