// A tour of the command taskio, on a runtime of its own. Run it with `bun run demo`.
import { Narrator } from "./narrator.ts";
import { Stage } from "./stage.ts";
import { tour } from "./tour.ts";

const narrator = new Narrator();
const stage = new Stage();
try {
  await tour(stage, narrator);
} catch (error) {
  narrator.check(`the tour goes on (${error instanceof Error ? error.message : error})`, false);
} finally {
  await stage[Symbol.asyncDispose]();
}
process.exit(narrator.summary());
