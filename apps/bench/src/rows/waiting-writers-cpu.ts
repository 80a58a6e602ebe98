import { ofPeers } from "../of-peers.ts";
import type { Row } from "../row.ts";
import { RunFolder } from "../run-folder.ts";

const count = 1000;

/** Of a core, while so many tasks don't open their stdin. There is no loop in C: it would only sleep. */
export const waitingWritersCpu: Row = {
  figures: [{ name: "waiting-writers-cpu", unit: "%", better: "less" }],
  sides: ofPeers(
    async (bench, peer) => {
      using folder = new RunFolder();
      const span = bench.size(2000, 500);
      await using client = peer.start("wait", count, folder.numbered(count), span);
      await client.ready();
      return [(await client.result<{ percent: number }>()).percent];
    },
    ["ours", "go"],
  ),
};
