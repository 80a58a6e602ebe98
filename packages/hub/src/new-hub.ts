import { type FIFOSet, isWired } from "@taskio/core";
import { openReader, ReadEnd } from "@taskio/fifo/reactor";
import type { Hub } from "./hub.ts";
import type { HubOptions } from "./hub-options.ts";
import { hubSocket } from "./hub-socket.ts";
import type { OutputName } from "./output-name.ts";
import { startHub } from "./server/start-hub.ts";

/**
 * Starts a hub for a task that has FIFOs: reads its output for as long as the task lives, so that the
 * task never waits, and serves any number of viewers, which `newHubAttach` makes.
 *
 * Each viewer gets what was written last, then what comes, without a gap or a repeat. The task and the
 * other viewers never wait for a slow one: it misses what is too much, and is told so. What a hub that is
 * killed had not read stays in the FIFOs, and a new hub of the task goes on with it.
 *
 * @throws TaskIOError `IN_USE` when something reads the task's output already, such as another hub;
 * `NOT_FOUND`, `NOT_FIFO`, `NOT_ATTACHABLE` (a log or streaming URI), `INVALID_CONFIG`,
 * `INVALID_ARGUMENT`, `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED` (not on Linux), or the signal's reason;
 * nothing is changed then
 *
 * @example
 * ```ts
 * import { withStreams } from "@taskio/core";
 * import { newFIFOSetInDir } from "@taskio/fifo";
 * import { newHub, newHubAttach } from "@taskio/hub";
 *
 * const fifos = await newFIFOSetInDir("", "task-1", false);
 * await using hub = await newHub(fifos);
 * const { stdout, stderr } = fifos.config;
 * await Bun.spawn(["sh", "-c", `echo hello > ${stdout} 2> ${stderr}`]).exited;
 * await hub.wait();
 *
 * await using io = await newHubAttach(withStreams(undefined, process.stdout))(fifos); // hello
 * console.log((await io.wait()).stdout?.bytes); // 6
 * ```
 */
export async function newHub(fifos: FIFOSet, options: HubOptions = {}): Promise<Hub> {
  options.signal?.throwIfAborted();
  const { config } = fifos;
  const start = {
    set: fifos,
    socket: options.socket ?? hubSocket(config),
    makesFolder: options.socket !== undefined,
    open: (name: OutputName) => (isWired(config[name]) ? openFIFO(config[name]) : undefined),
  };
  return startHub(start, options);
}

function openFIFO(path: string): ReadEnd {
  return new ReadEnd(openReader(path), path);
}
