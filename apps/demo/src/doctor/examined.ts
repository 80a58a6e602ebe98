import type { Runtime } from "../client/open-runtime.ts";

/** What is looked at. `embedded` is what answers, also at an address that was given. */
export type Examined = Pick<Runtime, "client" | "embedded">;
