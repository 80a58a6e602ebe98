import {
  type Config,
  type Creator,
  type IO,
  newFIFOSet,
  type Sink,
  type Source,
  TaskIOError,
  type TaskIOErrorCode,
  withStreams,
  withTerminal,
} from "@taskio/core";
import { expect } from "bun:test";
import fs from "node:fs";
import { dirname } from "node:path";
import type { Peer } from "../peer/peer.ts";
import type { Fixture } from "./backend.ts";
import { within } from "./time.ts";

/** The streams that a test wires. */
export interface Wiring {
  readonly stdin?: Source | undefined;
  readonly stdout?: Sink | undefined;
  readonly stderr?: Sink | undefined;
  readonly terminal?: boolean;
}

/** What one test works with: makes IOs and peers of a fixture, and ends them all in the end. */
export class TestBed {
  readonly #ios: IO[] = [];
  readonly #ids = new Map<IO, string>();
  readonly #peers: Peer[] = [];
  readonly #left: Config[] = [];

  constructor(readonly fixture: Fixture) {}

  /** The backend's creator for these streams. */
  creator(wiring: Wiring): Creator {
    return this.fixture.newCreator(...options(wiring));
  }

  /** Streams whose task has not come yet. */
  async create(wiring: Wiring): Promise<IO> {
    const id = `task-${this.#ids.size + 1}`;
    const io = this.track(await within("the creator", this.creator(wiring)(id)));
    this.#ids.set(io, id);
    return io;
  }

  /** Streams with their task. */
  async start(wiring: Wiring): Promise<{ io: IO; peer: Peer }> {
    const io = await this.create(wiring);
    return { io, peer: await this.peer(io) };
  }

  /** The task of streams made by {@link create}. */
  async peer(io: IO): Promise<Peer> {
    if (!this.fixture.peer) throw new Error("the fixture has no peer: the suite needs one");
    const peer = await this.fixture.peer(io, this.#ids.get(io) ?? "");
    this.#peers.push(peer);
    return {
      write: (stream, data) => {
        const written = peer.write(stream, data);
        written.catch(() => {}); // a test that fails leaves writes behind
        return written;
      },
      readStdin: () => peer.readStdin(),
      closeIO: () => peer.closeIO(),
      exit: () => peer.exit(),
    };
  }

  /** Goes on with the streams of `config`; closing the IO removes its paths. */
  async attach(config: Config, wiring: Wiring): Promise<IO> {
    this.#left.push(config);
    const fifos = newFIFOSet(config, () => this.removePaths(config));
    return this.track(await within("the attach", this.attacher(wiring)(fifos)));
  }

  /** The backend's attach for these streams. */
  attacher(wiring: Wiring): ReturnType<NonNullable<Fixture["newAttach"]>> {
    if (!this.fixture.newAttach)
      throw new Error("the fixture has no newAttach: the suite needs one");
    return this.fixture.newAttach(...options(wiring));
  }

  /** Detaches, and has the paths removed in the end. */
  async detach(io: IO): ReturnType<IO["detach"]> {
    this.#left.push(io.config);
    return within("detach()", io.detach());
  }

  /** Expects a creator to refuse these streams. */
  async expectRefused(code: TaskIOErrorCode, wiring: Wiring): Promise<TaskIOError> {
    return expectRefused(code, async () => this.track(await this.creator(wiring)("refused-1")));
  }

  track(io: IO): IO {
    this.#ios.push(io);
    return io;
  }

  /** Removes what a detached IO left, as the owner of the task would. */
  removePaths(config: Config): void {
    for (const path of [config.stdin, config.stdout, config.stderr]) {
      if (!this.#isOurs(path)) continue;
      fs.rmSync(path, { force: true });
      const folder = dirname(path);
      if (this.#isOurs(folder) && fs.existsSync(folder) && fs.readdirSync(folder).length === 0)
        fs.rmdirSync(folder);
    }
  }

  #isOurs(path: string): boolean {
    return (this.fixture.folders ?? []).some((folder) => path.startsWith(`${folder}/`));
  }

  /** Ends every task and closes every IO. */
  async cleanUp(): Promise<void> {
    for (const peer of this.#peers) await peer.exit();
    for (const io of this.#ios.toReversed()) await within("close()", io.close());
    for (const config of this.#left) this.removePaths(config);
  }
}

/** Expects that `run` rejects with a TaskIOError of this code. */
export async function expectRefused(
  code: TaskIOErrorCode,
  run: () => Promise<unknown>,
): Promise<TaskIOError> {
  const error = await rejection(run);
  expect(error).toBeInstanceOf(TaskIOError);
  expect((error as TaskIOError).code).toBe(code);
  return error as TaskIOError;
}

/** What `run` rejects with. Throws when it does not. */
export async function rejection(run: () => Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await within("a refusal", (async () => run())());
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, got ${Bun.inspect(result)}`);
}

function options(wiring: Wiring) {
  const streams = withStreams(wiring.stdin, wiring.stdout, wiring.stderr);
  return wiring.terminal ? [streams, withTerminal] : [streams];
}
