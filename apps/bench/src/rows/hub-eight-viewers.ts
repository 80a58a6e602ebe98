import { rate } from "../rate.ts";
import type { Row } from "../row.ts";
import { fullBytes, quickBytes } from "../sizes.ts";
import { viewOutput } from "../view-output.ts";

const viewers = 8;

/** What eight viewers of a hub get in all, and how much that is beside what one alone gets. */
export const hubEightViewers: Row = {
  figures: [
    { name: "hub-eight-viewers", unit: "MB/s", better: "more" },
    { name: "hub-eight-viewers-of-one", unit: "×", better: "more" },
  ],
  sides(bench) {
    const bytes = bench.size(fullBytes, quickBytes);
    return {
      ours: async () => {
        const one = rate(bytes, await viewOutput(bench, 1, bytes));
        const all = rate(viewers * bytes, await viewOutput(bench, viewers, bytes));
        return [all, all / one];
      },
    };
  },
};
