import fs from "node:fs";

/** What a process has open at one moment: see {@link snapshotResources}. */
export interface Resources {
  /** What each open fd is linked to, such as `/run/x/t1-stdout` or `socket:[4711]`. */
  readonly fds: ReadonlyMap<number, string>;
  /** The names of the threads, without those that the JavaScript engine starts for itself. */
  readonly threads: readonly string[];
  /** What each folder contains, at any depth; empty where the folder does not exist. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
}

/** Threads of Bun and its engine that come and go with load: they say nothing about a leak. */
const runtimeThread =
  /^(JITWorker|HeapHelper|(H?eap )?C?ollector Thread|JSCWarmUp|mi-scavenger|Bun Pool|HTTP Client|.*Signal Sender)/;

/**
 * The fds and threads that this process has now, and what is in some folders, to be compared with
 * later: see {@link expectNoLeaks}. Linux only.
 *
 * An engine makes lasting things at its first use (a worker thread, an epoll fd), which are no
 * leak: use it once before the first snapshot.
 *
 * @param options.folders the folders whose entries are remembered, such as the FIFO dir
 * @throws Error where there is no `/proc/self/fd`
 *
 * @example
 * ```ts
 * import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
 *
 * const before = snapshotResources({ folders: ["/tmp/fifos"] });
 * // use the streams of a task here
 * await expectNoLeaks(before);
 * ```
 */
export function snapshotResources(options: { folders?: readonly string[] } = {}): Resources {
  awaitRuntime();
  return {
    fds: new Map(openFDs()),
    threads: threads()
      .map(({ name }) => name)
      .filter((name) => !runtimeThread.test(name)),
    folders: new Map((options.folders ?? []).map((folder) => [folder, entries(folder)])),
  };
}

function* openFDs(): Generator<[number, string]> {
  for (const fd of fs.readdirSync("/proc/self/fd")) {
    const target = unlessGone(() => fs.readlinkSync(`/proc/self/fd/${fd}`)); // listing takes an fd
    if (target !== undefined) yield [Number(fd), target];
  }
}

interface Thread {
  readonly id: number;
  readonly name: string;
  readonly sleeps: boolean;
}

function threads(): Thread[] {
  return fs.readdirSync("/proc/self/task").flatMap((id) => {
    const stat = unlessGone(() => fs.readFileSync(`/proc/self/task/${id}/stat`, "utf8"));
    const [, name, state] = /^\d+ \((.*)\) (.)/s.exec(stat ?? "") ?? [];
    return name === undefined ? [] : [{ id: Number(id), name, sleeps: state === "S" }];
  });
}

let runtimeStarted = false;

/**
 * Waits, once, until the threads that `bun test` starts with have their fds: one makes an epoll fd
 * when the first test may be under way. A thread has the process's name until it sets its own.
 */
function awaitRuntime(): void {
  const deadline = performance.now() + 250;
  while (!runtimeStarted && performance.now() < deadline) {
    const all = threads();
    const own = all.find(({ id }) => id === process.pid)?.name;
    const starting = all.some(
      ({ id, name, sleeps }) =>
        id !== process.pid && (name === own || (name === "HTTP Client" && !sleeps)),
    );
    if (!starting) break;
    Bun.sleepSync(1);
  }
  runtimeStarted = true;
}

function entries(folder: string): string[] {
  return unlessGone(() => fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) ?? [];
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
