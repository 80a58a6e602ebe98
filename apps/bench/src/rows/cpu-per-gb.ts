import { copyOutputs } from "../copy-outputs.ts";
import { ofPeers } from "../of-peers.ts";
import type { Row } from "../row.ts";
import { fullBytes, quickBytes } from "../sizes.ts";

/** Of a core, for the client that copies an output into a pipe. */
export const cpuPerGb: Row = {
  figures: [{ name: "cpu-per-gb", unit: "s/GB", better: "less" }],
  sides: ofPeers(async (bench, peer) => {
    const bytes = bench.size(fullBytes, quickBytes);
    const { cpu } = await copyOutputs(bench, peer, { sink: "pipe", bytes });
    return [cpu / (bytes / 1e9)];
  }),
};
