import { reason } from "./reason.ts";
import type { Outcome, Row } from "./row.ts";
import type { World } from "./world.ts";

/** What a row showed. */
export interface RowResult extends Pick<Row, "number" | "issues" | "failure"> {
  readonly taskio: Outcome;
  /** Undefined where ctr can't be driven through it. */
  readonly ctr: Outcome | undefined;
}

/** Goes through a row with both. */
export async function runRow(row: Row, world: World): Promise<RowResult> {
  const { number, issues, failure } = row;
  const taskio = await outcome(async () => {
    const resources = world.resources();
    const seen = await row.taskio(world);
    await world.expectBackTo(resources);
    return { immune: true, seen };
  });
  const ctr = row.ctr && (await outcome(() => row.ctr!(world)));
  return { number, issues, failure, taskio, ctr };
}

async function outcome(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    return { immune: false, seen: reason(error) };
  }
}
