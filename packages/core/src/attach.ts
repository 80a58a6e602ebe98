import type { FIFOSet } from "./fifo-set.ts";
import type { IO } from "./io.ts";

/**
 * Goes on with the streams of a task that exists. Go: `cio.Attach`.
 *
 * A failed attach changes nothing: every path is still there and a second attach works. The set is
 * not changed; `close()` of the IO closes it.
 */
export type Attach = (fifos: FIFOSet, options?: { signal?: AbortSignal }) => Promise<IO>;
