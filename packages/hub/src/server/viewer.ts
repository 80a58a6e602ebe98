import { type StreamName, TaskIOError } from "@taskio/core";
import { WriteEnd } from "@taskio/fifo/reactor";
import { outputNames } from "../output-name.ts";
import { type HubMessage, sentError } from "../protocol/hub-message.ts";
import type { LineEvents, LineSocket } from "../protocol/line-socket.ts";
import { protocolVersion } from "../protocol/protocol-version.ts";
import {
  type AttachMessage,
  decodeViewerMessage,
  type ViewerMessage,
} from "../protocol/viewer-message.ts";
import type { TerminalSize } from "../terminal-size.ts";
import type { Output } from "./output.ts";
import type { Stdin } from "./stdin.ts";
import type { StdinTurn } from "./stdin-turn.ts";
import type { View } from "./view.ts";

/** What a viewer gets at. */
export interface ViewedTask {
  readonly outputs: readonly Output[];
  readonly stdin: Stdin | undefined;
  /** The viewer that has stdin changed the size of its terminal. */
  resized(size: TerminalSize): void;
  /** A viewer is gone. */
  left(viewer: Viewer): void;
}

/** One that is connected to the hub. */
export class Viewer implements LineEvents {
  readonly #task: ViewedTask;
  readonly #socket: LineSocket;
  readonly #views = new Map<View, Output>();
  #turn: StdinTurn | undefined;
  #isAttached = false;

  constructor(task: ViewedTask, socket: LineSocket) {
    this.#task = task;
    this.#socket = socket;
  }

  get isAttached(): boolean {
    return this.#isAttached;
  }

  line(line: string): void {
    try {
      const message = decodeViewerMessage(line);
      if (message) this.#obey(message);
    } catch (thrown) {
      this.#refuse(TaskIOError.from(thrown, "ENGINE_FAILED", "open the viewer's streams"));
    }
  }

  closed(): void {
    this.#leave();
    this.#task.left(this);
  }

  /** Leaves the viewer, after what was sent. */
  end(): void {
    this.#leave();
    this.#socket.end();
  }

  #obey(message: ViewerMessage): void {
    if (message.type === "attach") return this.#attach(message);
    if (!this.#isAttached) throw notAttached(message.type);
    if (!this.#task.stdin?.isHeldBy(this.#turn)) return; // of who has no stdin, nothing more is obeyed
    if (message.type === "end") this.#task.stdin.endAfter(this.#turn!);
    else this.#task.resized({ width: message.width, height: message.height });
  }

  #attach(message: AttachMessage): void {
    if (this.#isAttached) throw new TaskIOError("INVALID_ARGUMENT", "attach came twice");
    if (message.version !== protocolVersion) throw otherVersion(message.version);
    this.#open(message);
    this.#isAttached = true;
    this.#send({ type: "attached", version: protocolVersion });
    for (const [view, output] of this.#views) output.begin(view);
  }

  /** Where it throws, what is open already is closed by the refusal. */
  #open(message: AttachMessage): void {
    if (message.stdin && !this.#task.stdin) throw noStream("stdin");
    for (const name of outputNames) {
      const wanted = message[name];
      if (!wanted) continue;
      const output = this.#task.outputs.find((output) => output.name === name);
      if (!output) throw noStream(name);
      this.#openView(output, new WriteEnd(wanted.path), wanted.replay);
    }
    if (message.stdin) this.#takeStdin(this.#task.stdin!, message.stdin.path);
  }

  #openView(output: Output, fifo: WriteEnd, replay: number | undefined): void {
    const stream = output.name;
    const view = output.view(fifo, replay, {
      missed: (bytes, offset) => this.#send({ type: "missed", stream, bytes, offset }),
      end: () => this.#send({ type: "end", stream }),
      failed: (error) => this.#send({ type: "end", stream, error: sentError(error) }),
    });
    this.#views.set(view, output);
  }

  #takeStdin(stdin: Stdin, path: string): void {
    const turn = stdin.take(path);
    this.#turn = turn;
    void turn.done.then(({ isLast, error }) => {
      if (isLast) this.#send({ type: "end", stream: "stdin" });
      if (error) this.#send({ type: "end", stream: "stdin", error: sentError(error) });
    });
  }

  #refuse(error: TaskIOError): void {
    this.#leave();
    this.#send({ type: "refused", error: sentError(error) });
    this.#socket.end();
  }

  #leave(): void {
    for (const [view, output] of this.#views) output.forget(view);
    this.#views.clear();
    if (this.#turn) this.#task.stdin?.leave(this.#turn);
    this.#turn = undefined;
  }

  #send(message: HubMessage): void {
    this.#socket.send(message);
  }
}

function notAttached(type: string): TaskIOError {
  return new TaskIOError("INVALID_ARGUMENT", `"${type}" came before "attach"`);
}

function otherVersion(version: number): TaskIOError {
  return new TaskIOError(
    "UNSUPPORTED",
    `the viewer speaks version ${version} of the protocol, the hub ${protocolVersion}: update the older one`,
  );
}

function noStream(name: StreamName): TaskIOError {
  return new TaskIOError("NOT_FOUND", `the task has no ${name}: attach without it`);
}
