import { copyOutputs } from "../copy-outputs.ts";
import { rate } from "../rate.ts";
import type { Row } from "../row.ts";
import { fullBytes, quickBytes } from "../sizes.ts";
import { viewOutput } from "../view-output.ts";

/** A hub without a log, and its one viewer, whose sink is an fd. The limit is ours without a hub. */
export const hubToFd: Row = {
  figures: [{ name: "hub-to-fd", unit: "MB/s", better: "more" }],
  sides(bench) {
    const bytes = bench.size(fullBytes, quickBytes);
    return {
      ours: async () => [rate(bytes, await viewOutput(bench, 1, bytes))],
      limit: async () => {
        const { seconds } = await copyOutputs(bench, bench.ours, { sink: "null", bytes });
        return [rate(bytes, seconds)];
      },
    };
  },
};
