import { sinkKinds } from "../streams/sink-kinds.ts";
import { sourceKinds } from "../streams/source-kinds.ts";
import { passThrough } from "./held-tests.ts";
import { deliverOutput } from "./sink-tests.ts";
import { deliverInput } from "./source-tests.ts";
import type { Suite } from "./suite.ts";
import { TestBed } from "./test-bed.ts";

/** Uses everything once, so that what an engine makes for good is there before the leak checks. */
export async function warmUp(suite: Suite): Promise<void> {
  await using fixture = await suite.backend.setUp();
  const bed = new TestBed(fixture);
  try {
    await bed.create({});
    await Bun.sleep(1);
    if (suite.can("heldStreams")) await passThrough(bed);
    if (!suite.can("copies")) return;
    for (const kind of sinkKinds)
      if (!kind.needs || suite.can(kind.needs)) await deliverOutput(bed, kind, [new Uint8Array(1)]);
    for (const kind of suite.can("stdin") ? sourceKinds : [])
      if (!kind.needs || suite.can(kind.needs)) await deliverInput(bed, kind, [new Uint8Array(1)]);
  } catch {
    // The test of the same kind fails with it.
  } finally {
    await bed.cleanUp().catch(() => {});
  }
}
