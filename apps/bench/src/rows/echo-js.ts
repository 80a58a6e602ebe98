import { ofPeers } from "../of-peers.ts";
import type { Row } from "../row.ts";
import { RunFolder } from "../run-folder.ts";

const warmUp = 500;

/** A key that the program types, and its echo, back in the program. */
export const echoJs: Row = {
  figures: [{ name: "echo-js-p50", unit: "µs", better: "less" }],
  sides: ofPeers(async (bench, peer) => {
    using folder = new RunFolder();
    const paths = [folder.fifo(), folder.fifo()];
    await using _task = bench.task("echo", ...paths);
    await using client = peer.start("echo-js", warmUp, bench.size(20_000, 2_000), ...paths);
    await client.ready();
    return [(await client.result<{ p50: number }>()).p50];
  }),
};
