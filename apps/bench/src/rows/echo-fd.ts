import { ofPeers } from "../of-peers.ts";
import type { Row } from "../row.ts";
import { RunFolder } from "../run-folder.ts";

/** A key through a pipe to the task, and its echo through another pipe back to the user. */
export const echoFd: Row = {
  figures: [
    { name: "echo-fd-p50", unit: "µs", better: "less" },
    { name: "echo-fd-p99", unit: "µs", better: "less" },
  ],
  sides: ofPeers(async (bench, peer) => {
    using folder = new RunFolder();
    const paths = [folder.fifo(), folder.fifo(), folder.fifo(), folder.fifo()];
    await using user = bench.task("keys", bench.size(20_000, 2_000), ...paths);
    await using _client = peer.start("echo-fd", ...paths);
    const { p50, p99 } = await user.result<{ p50: number; p99: number }>();
    return [p50, p99];
  }),
};
