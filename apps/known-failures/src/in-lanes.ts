import { allOver } from "./all-over.ts";

/** Runs something `count` times, `lanes` at a time, and gives the results in their order. */
export async function inLanes<T>(
  count: number,
  lanes: number,
  run: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = Array.from({ length: count });
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await run(index);
    }
  };
  await allOver(Array.from({ length: lanes }, lane));
  return results;
}
