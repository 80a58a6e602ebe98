/** How a task with a driver has ended. */
export interface Ran {
  readonly id: string;
  readonly exitCode: number;
  /** What the client was told where it could not be started. */
  readonly error: string;
}

/** A runtime that starts drivers, in a namespace of the tests'. */
export interface TestedRuntime extends AsyncDisposable {
  readonly namespace: string;
  /** The folder that tasks have as their `/`. */
  readonly rootfs: string;
  /** Runs a shell's script as a task, to the deletion of it. */
  run(uri: string, script: string): Promise<Ran>;
  /** The same as an exec of a task that only waits; the id is the exec's. */
  exec(uri: string, script: string): Promise<Ran>;
  /** Whether it takes `binary-v2://`. */
  readonly hasV2: boolean;
}
