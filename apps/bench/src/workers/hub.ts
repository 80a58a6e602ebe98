import { newFIFOSet } from "@taskio/core";
import { newHub } from "@taskio/hub";
import { configOf } from "./config-of.ts";
import { ready } from "./ready.ts";
import { untilKilled } from "./until-killed.ts";

/** Serves the viewers of an output, who miss nothing, and then waits to be killed. */
export async function hub(stdout: string): Promise<void> {
  await newHub(newFIFOSet(configOf({ stdout })), { slowViewers: "wait" });
  ready();
  await untilKilled();
}
