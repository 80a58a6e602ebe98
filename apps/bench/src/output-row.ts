import { copyOutputs, type Outputs } from "./copy-outputs.ts";
import { ofPeers } from "./of-peers.ts";
import { rate } from "./rate.ts";
import type { Row } from "./row.ts";
import { fullBytes, quickBytes } from "./sizes.ts";

/** A row that tells how quickly outputs are copied. */
export function outputRow(name: string, how: Omit<Outputs, "bytes">): Row {
  return {
    figures: [{ name, unit: "MB/s", better: "more" }],
    sides: ofPeers(async (bench, peer) => {
      const bytes = bench.size(fullBytes, quickBytes);
      const { seconds } = await copyOutputs(bench, peer, { ...how, bytes });
      return [rate(bytes, seconds)];
    }),
  };
}
