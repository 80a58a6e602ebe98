import {
  type Config,
  type FIFOSet,
  type IO,
  isWired,
  newIO,
  newStreams,
  type Opt,
  type Streams,
  TaskIOError,
} from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { removeFIFOs } from "@taskio/fifo/holders";
import { kickWriters } from "@taskio/fifo/reactor";
import { hubSocket } from "../hub-socket.ts";
import { isCount } from "../protocol/fields.ts";
import { protocolVersion } from "../protocol/protocol-version.ts";
import type { AttachMessage } from "../protocol/viewer-message.ts";
import type { TerminalSize } from "../terminal-size.ts";
import { HubConnection } from "./hub-connection.ts";
import type { HubAttach, HubIO } from "./hub-io.ts";
import { OwnOutputs } from "./own-outputs.ts";
import { ViewerCopies } from "./viewer-copies.ts";
import { hubViewOptions } from "./with-hub.ts";

/** What the viewer's own FIFOs are named after. */
const id = "viewer";

/**
 * An Attach to tasks that have a hub: any number of viewers at once. Each gets what the task wrote last,
 * then what it writes, as fast as it takes it; see {@link withHub} for how much, and for what it missed.
 *
 * With a source for stdin the viewer takes the task's, which one viewer at a time has, until it leaves.
 * Where the source ends, the hub ends the task's stdin, unless that is a terminal's. The hub is found by
 * the set's config. A viewer whose hub goes away before the end of the task's output gets `ENGINE_FAILED`
 * in its results.
 *
 * @throws from the Attach, TaskIOError `NOT_FOUND` where no hub is, `IN_USE` when another viewer has
 * stdin, `CLOSED` when stdin was ended, `NOT_ATTACHABLE` (a log or streaming URI), `INVALID_ARGUMENT`,
 * `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED`, `ENGINE_FAILED` when the hub does not answer for 10 s; nothing is
 * changed
 *
 * @example
 * ```ts
 * import { newFIFOSet, TaskIOError, withStdio } from "@taskio/core";
 * import { newHubAttach, withHub } from "@taskio/hub";
 *
 * const config = { terminal: false, stdin: "", stdout: "/run/x/task-1-stdout", stderr: "" };
 * try {
 *   await using io = await newHubAttach(withStdio, withHub({ readOnly: true }))(newFIFOSet(config));
 * } catch (error) {
 *   console.log((error as TaskIOError).code); // NOT_FOUND
 * }
 * ```
 */
export function newHubAttach(...opts: Opt[]): HubAttach {
  const streams = newStreams(...opts);
  const view = hubViewOptions(streams);
  const { socket, replay, readOnly = false, onMissed } = view;
  return async (fifos, { signal } = {}) => {
    signal?.throwIfAborted();
    if (replay !== undefined && !isCount(replay)) throw wrongReplay(replay);
    const { config } = fifos;
    await using undo = new AsyncDisposableStack();
    const hub = await HubConnection.open(socket ?? hubSocket(config), onMissed);
    undo.defer(() => hub.close());
    const create = newCreator((own) => wireAs(own, streams, config, readOnly));
    const io = undo.use(await create(id, { signal }));
    const outputs = undo.use(new OwnOutputs(io.config));
    await hub.attach(attachMessage(io.config, replay), signal);
    removeFIFOs(pathsOf(io.config)); // both sides have them: a killed viewer leaves nothing
    kickWriters();
    undo.move();
    void io.wait().then(() => outputs[Symbol.dispose]());
    const viewer = viewerIO(fifos, io, hub, new ViewerCopies(io, hub, view.keepStdinOpen));
    return Object.defineProperty(viewer, "unread", { get: () => outputs.unread }) as HubIO;
  };
}

/** The streams that the viewer has and the task too. A terminal has no stderr, which its Config says. */
function wireAs(
  own: Streams,
  { stdin, stdout, stderr, fifoDir }: Streams,
  config: Config,
  readOnly: boolean,
): void {
  own.fifoDir = fifoDir;
  if (isWired(config.stdin) && !readOnly) own.stdin = stdin;
  if (isWired(config.stdout)) own.stdout = stdout;
  if (isWired(config.stderr)) own.stderr = stderr;
}

function attachMessage(own: Config, replay: number | undefined): AttachMessage {
  const { stdin, stdout, stderr } = own;
  return {
    type: "attach",
    version: protocolVersion,
    ...(isWired(stdin) && { stdin: { path: stdin } }),
    ...(isWired(stdout) && { stdout: { path: stdout, replay } }),
    ...(isWired(stderr) && { stderr: { path: stderr, replay } }),
  };
}

function pathsOf({ stdin, stdout, stderr }: Config): string[] {
  return [stdin, stdout, stderr].filter(isWired);
}

function viewerIO(
  fifos: FIFOSet,
  own: IO,
  hub: HubConnection,
  copies: ViewerCopies,
): Omit<HubIO, "unread"> {
  const { stdin, stdout, stderr } = own.config;
  const io = newIO({
    config: fifos.config,
    stdin: isWired(stdin) ? copies.stdin() : undefined,
    stdout: isWired(stdout) ? copies.output("stdout") : undefined,
    stderr: isWired(stderr) ? copies.output("stderr") : undefined,
    close: () => fifos.close(),
  });
  void Promise.all([io.wait(), io.stdinDone]).then(() => hub.close());
  const resize = ({ width, height }: TerminalSize) => hub.send({ type: "resize", width, height });
  return Object.assign(io, { resize });
}

function wrongReplay(replay: unknown): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `replay is ${String(replay)}: give a whole number of bytes, 0 or more`,
  );
}
