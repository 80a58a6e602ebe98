import type { Streams } from "./streams.ts";

/** An option of a creator or an attach: a function that changes the {@link Streams}. Go: `cio.Opt`. */
export type Opt = (streams: Streams) => void;
