import { timed } from "./timed.ts";

/** The shortest time of several runs, in ms: what something takes that nothing disturbs. */
export async function leastTime(run: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 3; i++) least = Math.min(least, await timed(run));
  return least;
}
