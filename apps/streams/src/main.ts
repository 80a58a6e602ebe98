// A tour of taskio on real processes. Run it with `bun run demo`.
import { endOnSignal } from "./end-on-signal.ts";
import { Narrator } from "./narrator.ts";
import { Stage } from "./stage.ts";
import { tour } from "./tour.ts";

const narrator = new Narrator();
try {
  await using stage = new Stage(narrator);
  endOnSignal(stage);
  await stage.withinTime(tour(stage));
} catch (error) {
  narrator.fail(error);
  process.exit(process.exitCode || 1);
}
