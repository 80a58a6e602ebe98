import type { Attach, Creator, IO, Opt } from "@taskio/core";
import type { Peer } from "../peer/peer.ts";

/**
 * What a backend can do. A flag that is not set says that it can't: where a user could ask for it
 * nevertheless, the suite then tests that the creator refuses with `UNSUPPORTED`.
 */
export interface Capabilities {
  /**
   * Copies outputs of the task into sinks. Without it (a log URI, `nullIO`, `heldStreams`) the suite
   * looks at ids, signals, the config and the life of the IO only, and needs no {@link Fixture.peer}.
   */
  readonly copies?: boolean;
  /** Copies a source into the task's stdin. */
  readonly stdin?: boolean;
  /** Takes fds as sources and sinks: files, pipes, sockets. */
  readonly fds?: boolean;
  /** Takes web streams as sources and sinks. Functions, iterables, Blobs and bytes always are. */
  readonly webStreams?: boolean;
  /** Can detach and attach again; needs {@link Fixture.newAttach}. */
  readonly attach?: boolean;
  /** Refuses a second reader of a stream with `IN_USE`. Looked at with `attach` only. */
  readonly oneReader?: boolean;
  /** Makes the streams of a task with a terminal. */
  readonly terminal?: boolean;
  /** The streams of its Configs are paths of FIFOs that it makes, and removes at close. */
  readonly paths?: boolean;
  /** Gives the caller the ends of the streams instead of copying; needs {@link Fixture.held}. */
  readonly heldStreams?: boolean;
}

/** The caller's ends of a task's streams, where a backend has `heldStreams`. */
export interface HeldStreams {
  readonly stdin?: WritableStream<Uint8Array> | undefined;
  readonly stdout?: ReadableStream<Uint8Array> | undefined;
  readonly stderr?: ReadableStream<Uint8Array> | undefined;
}

/** One set-up backend, for one test. Disposed at the end of the test, when all its IOs are closed. */
export interface Fixture extends AsyncDisposable {
  /** The backend's creator with these options. May ignore them without `copies`. */
  newCreator(...opts: Opt[]): Creator;
  /** The backend's attach with these options. */
  newAttach?(...opts: Opt[]): Attach;
  /** Starts the task's side of the streams of `io`, which was created for `id`. */
  peer?(io: IO, id: string): Peer | Promise<Peer>;
  /** The caller's ends of the streams of `io`. */
  held?(io: IO): HeldStreams;
  /**
   * Folders of the fixture that the backend makes its paths in: each test checks that they are in
   * the end as they were. Paths that a detached IO left in them are removed by the suite.
   */
  readonly folders?: readonly string[];
}

/** A backend as {@link testCreator} takes it. */
export interface Backend {
  /** The title of the suite. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Makes what one test needs. */
  setUp(): Promise<Fixture>;
}
