import { type Creator, newConfig, newIO, newStreams, type Opt, validateID } from "@taskio/core";
import { CallerEnds } from "./caller-ends.ts";
import { defaultFIFODir } from "./default-fifo-dir.ts";
import { libc } from "./libc.ts";
import { makeFIFOSet } from "./new-fifo-set-in-dir.ts";

/**
 * A Creator whose tasks have FIFOs: in a fresh folder each, made for the streams that are wired. Its
 * IO copies until the writers close; `close()` removes the folder. Go: `cio.NewCreator`.
 *
 * An output that is not wired is `/dev/null` in the Config, and with no stream at all everything is
 * empty, as `nullIO`. With a terminal a stderr sink is left alone, and stdin stays open after its
 * source's end, which would hang it up, as long as the IO or the terminal lives (containerd issue 4107).
 *
 * @throws from the Creator, TaskIOError `INVALID_ID`, `INVALID_ARGUMENT` (a sink or source that cannot
 * be used), `INVALID_CONFIG`, `PERMISSION`, `UNAVAILABLE`, `UNSUPPORTED` (not on Linux)
 *
 * @example
 * ```ts
 * import { withFIFODir, withStreams } from "@taskio/core";
 * import { newCreator } from "@taskio/fifo";
 * import { tmpdir } from "node:os";
 *
 * const create = newCreator(withStreams(undefined, process.stdout), withFIFODir(tmpdir()));
 * await using io = await create("task-1");
 * const task = Bun.spawn(["sh", "-c", "echo hello > $FIFO"], { env: { FIFO: io.config.stdout } });
 * await task.exited;
 * console.log((await io.wait()).stdout?.bytes); // 6
 * ```
 */
export function newCreator(...opts: Opt[]): Creator {
  const streams = newStreams(...opts);
  return async (id, { signal } = {}) => {
    signal?.throwIfAborted();
    validateID(id);
    libc(); // refuses other systems
    newConfig(streams, (name) => name); // refuses what cannot be wired, before anything is made
    using caller = new CallerEnds(streams);
    const fifos = await makeFIFOSet(streams.fifoDir || defaultFIFODir(), id, (path) =>
      newConfig(streams, path),
    );
    try {
      signal?.throwIfAborted();
      const { config } = fifos;
      return newIO({ config, ...caller.start(config), close: () => fifos.close() });
    } catch (error) {
      await fifos.close();
      throw error;
    }
  };
}
