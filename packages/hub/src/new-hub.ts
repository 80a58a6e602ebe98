import { rmSync } from "node:fs";
import { type FIFOSet, isWired, TaskIOError } from "@taskio/core";
import type { Hub } from "./hub.ts";
import type { HubOptions } from "./hub-options.ts";
import { hubSocket } from "./hub-socket.ts";
import { outputNames } from "./output-name.ts";
import { isCount } from "./protocol/fields.ts";
import { checkSocket } from "./server/hub-listener.ts";
import { makeFolderOf } from "./server/make-folder.ts";
import { type Limits, Output } from "./server/output.ts";
import { RunningHub } from "./server/running-hub.ts";

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
  const { signal } = options;
  signal?.throwIfAborted();
  const limits = limitsOf(options);
  const socket = options.socket ?? hubSocket(fifos.config);
  const isStale = await checkSocket(socket); // first: opening a FIFO lets a writer go that waits for its reader
  signal?.throwIfAborted();
  using opened = new DisposableStack();
  const outputs = outputNames
    .filter((name) => isWired(fifos.config[name]))
    .map((name) => {
      const output = new Output(name, fifos.config[name], limits, options.log);
      return opened.adopt(output, () => output.close());
    });
  if (options.socket !== undefined) opened.defer(makeFolderOf(socket));
  if (isStale) rmSync(socket, { force: true }); // the task is ours now: no other hub has come meanwhile
  const hub = new RunningHub(fifos, socket, outputs, options);
  opened.move(); // they are the hub's now
  return hub;
}

function limitsOf(options: HubOptions): Limits {
  const { replay = 1 << 20, viewerLimit = 16 << 20, slowViewers = "miss" } = options;
  for (const [name, value] of Object.entries({ replay, viewerLimit })) {
    if (!isCount(value)) throw invalid(name, value, "a whole number of bytes, 0 or more");
  }
  if (slowViewers !== "miss" && slowViewers !== "wait") {
    throw invalid("slowViewers", slowViewers, '"miss" or "wait"');
  }
  return { replay, viewerLimit, slowViewers };
}

function invalid(name: string, value: unknown, wanted: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", `${name} is ${String(value)}: give ${wanted}`);
}
