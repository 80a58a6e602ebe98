import { type ChunkReader, newFIFOSet, TaskIOError } from "@taskio/core";
import { openReader, ReadEnd } from "@taskio/fifo/reactor";
import type { HubOptions } from "./hub-options.ts";
import type { HubOutput, OutputHub } from "./output-hub.ts";
import { type OutputName, outputNames } from "./output-name.ts";
import { startHub } from "./server/start-hub.ts";

/** What `newOutputHub` takes beside the outputs. */
export interface OutputHubOptions extends Omit<HubOptions, "socket" | "onResize" | "onStdinEnd"> {
  /** Where viewers come. Its folder is made with mode 0700 where it is missing. */
  readonly socket: string;
}

/**
 * Starts a hub for outputs that are open already, instead of a task's FIFOs: those that a runtime has given
 * a log driver. Its viewers get what `newHub`'s do, and have no stdin; they find it by its socket
 * (`withHub({ socket })`).
 *
 * A reader becomes the hub's, and is closed with it, or where it could not be started. An fd stays the
 * caller's: the hub opens its pipe anew, so the writer goes on when the hub has ended and the fd is open.
 *
 * @throws TaskIOError `IN_USE` when a hub has the socket, or something of ours reads the pipe;
 * `INVALID_CONFIG` without an output, `INVALID_ARGUMENT` (an fd that is no open pipe), `PERMISSION`,
 * `UNAVAILABLE`, `UNSUPPORTED` (not on Linux), or the signal's reason
 *
 * @example
 * ```ts no-run
 * import { newOutputHub } from "@taskio/hub";
 * import { openLogWriter, runDriver } from "@taskio/logs";
 *
 * await runDriver(async ({ id, namespace, stdout, stderr, ready, terminated }) => {
 *   await using log = await openLogWriter(`/var/log/${id}.log`);
 *   const socket = `/run/viewers/${namespace}/${id}.sock`;
 *   await using hub = await newOutputHub({ stdout, stderr }, { socket, log });
 *   ready();
 *   await hub.wait();
 *   await log.close({ signal: terminated });
 * });
 * ```
 */
export async function newOutputHub(
  outputs: Partial<Record<OutputName, HubOutput>>,
  options: OutputHubOptions,
): Promise<OutputHub> {
  options.signal?.throwIfAborted();
  const { socket } = options;
  if (typeof socket !== "string" || socket === "") {
    throw invalid(`socket is ${JSON.stringify(socket)}: give a path`);
  }
  if (outputNames.every((name) => outputs[name] === undefined)) {
    throw new TaskIOError("INVALID_CONFIG", "no output: give a stdout, a stderr or both");
  }
  const set = newFIFOSet({ terminal: false, stdin: "", stdout: "", stderr: "" });
  const open = (name: OutputName) => {
    const output = outputs[name];
    return typeof output === "number" ? openPipe(output, name) : output;
  };
  return startHub({ set, socket, makesFolder: true, open }, options);
}

/** Opened anew, it is non-blocking for nobody else, and the fd may be closed at any time. */
function openPipe(fd: number, name: OutputName): ChunkReader {
  try {
    return new ReadEnd(openReader(`/proc/self/fd/${fd}`), `fd ${fd}`);
  } catch (error) {
    const { code } = error as TaskIOError;
    if (code !== "NOT_FOUND" && code !== "NOT_FIFO") throw error;
    throw invalid(`fd ${fd} given for ${name} is no open pipe`, error);
  }
}

function invalid(message: string, cause?: unknown): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", message, cause === undefined ? {} : { cause });
}
