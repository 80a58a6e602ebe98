import type { Subprocess } from "bun";
import type { ImageOptions, ImportedImage } from "./image/import-image.ts";

/** What a command gave. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A containerd of a test's own: it keeps all it has in one folder. Only cgroups are the machine's:
 * daemons that run at once must not use the same namespace and id.
 */
export interface Daemon extends AsyncDisposable {
  /** Of the binary, such as `1.6.20` or `2.3.4`. */
  readonly version: string;
  /** The path of its socket. */
  readonly address: string;
  /** A folder that is a root filesystem with busybox. */
  readonly rootfs: string;
  /** For FIFOs; not there until a client makes it. */
  readonly fifoDir: string;
  /** Where runc has the state of all containers, in a folder for each namespace. */
  readonly runcRoot: string;
  /** The daemon's: its tools are the first on `$PATH`. */
  readonly env: Readonly<Record<string, string>>;
  /** `ctr` for this daemon: its arguments come after that. */
  readonly ctrCommand: readonly string[];
  /** What the daemon and its shims have logged since the first start. */
  log(): Promise<string>;

  /** Starts it again, after `kill` or `terminate`, with all that it had. */
  start(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Ends the daemon alone, at once; shims and tasks go on. */
  kill(): Promise<void>;
  /** Asks the daemon alone to end, and waits until it has; shims and tasks go on. */
  terminate(): Promise<void>;
  /** Ends daemon, shims and tasks, and removes all that they have made. */
  stop(): Promise<void>;

  /**
   * Runs `ctr` to its end. Give `run`, `task start` and `task exec` the option `--fifo-dir`: a `ctr` that
   * leaves a task running leaves its FIFOs too.
   */
  ctr(...args: string[]): Promise<Ended>;
  /** Starts `ctr`, with pipes. `stop` ends it. */
  spawnCtr(...args: string[]): Subprocess<"pipe", "pipe", "pipe">;

  /** Makes an image of the root filesystem, and imports it. */
  importImage(name: string, options?: ImageOptions): Promise<ImportedImage>;
}
