import type { IO } from "./io.ts";

/**
 * Makes the streams of a new task. Go: `cio.Creator`.
 *
 * Resolves once the readers are open, so the runtime may be called right after; stdin may still
 * wait for its peer. Rejects with a `TaskIOError`, or with the signal's reason, and leaves nothing
 * behind then. A backend is one function of this type.
 *
 * @param id a containerd identifier
 */
export type Creator = (id: string, options?: { signal?: AbortSignal }) => Promise<IO>;
