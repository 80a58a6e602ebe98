import type { DriverStream } from "./driver-stream.ts";

/** What a driver is given. */
export interface DriverContext {
  /**
   * The task's id. That of an exec is the exec's own, which is unique in its container only; the
   * protocol has nothing that tells the container, nor that it is an exec.
   */
  readonly id: string;
  readonly namespace: string;
  /**
   * The URI's query. The runtime passes the pairs in no order, of a repeated key the first value, and
   * `""` for `?key`.
   */
  readonly config: Readonly<Record<string, string>>;
  readonly stdout: DriverStream;
  /**
   * Empty where the task has a terminal. It then ends with stdout on taskd; on containerd when its shim ends or
   * has tidied up, be it minutes later: the shim does not wait for this driver, so a task of the same name
   * may start before.
   */
  readonly stderr: DriverStream;
  /**
   * Lets the task start. The runtime waits for it, containerd for ever and taskd for 10 s: call it as
   * soon as the log can be written, and before reading. More calls than one do nothing.
   */
  ready(): void;
  /**
   * Aborted by SIGTERM: the runtime has deleted the task, and kills this process 12 s later. What the
   * task has written is still to be read, so go on to the streams' end; hurry, and retry nothing.
   */
  readonly terminated: AbortSignal;
}
