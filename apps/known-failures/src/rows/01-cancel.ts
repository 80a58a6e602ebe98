import assert from "node:assert/strict";
import type { Row } from "../row.ts";
import { timed } from "../timed.ts";

/** How long `cancel` may take to settle `wait`, in ms. */
const limit = 100;

export const cancel: Row = {
  number: 1,
  issues: ["c#8326", "c PR#8334"],
  failure: "Cancel does nothing once the FIFOs are open, Wait hangs",

  async taskio(world) {
    const ends = [undefined, () => {}, () => {}] as const;
    const opened = await world.newTask(["sleep", "1000"], [...ends]);
    await using _ = opened;
    await opened.start();
    const never = await world.creator([...ends])("kf-never");
    const times: number[] = [];
    for (const io of [opened.io, never]) {
      const waiting = io.wait();
      times.push(
        await timed(async () => {
          io.cancel();
          io.cancel();
          await waiting;
        }),
      );
      times.push(await timed(() => io.wait()));
    }
    await never.close();
    never.cancel();
    times.push(await timed(() => never.wait()));
    const longest = Math.max(...times);
    assert(longest <= limit, `wait settled ${longest} ms after cancel`);
    return `settled within ${limit} ms: opened, never opened, twice, after close`;
  },
};
