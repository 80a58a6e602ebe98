import { ofPeers } from "./of-peers.ts";
import type { Row } from "./row.ts";
import { RunFolder } from "./run-folder.ts";

/** A row that tells what attaching to many tasks takes that write nothing. */
export function attachRow(count: number): Row {
  const name = `attach-${count}`;
  return {
    figures: [
      { name, unit: "ms", better: "less" },
      { name: `${name}-rss`, unit: "KiB", better: "less" },
      { name: `${name}-threads`, unit: "threads", better: "less" },
    ],
    sides: ofPeers(async (_bench, peer) => {
      using folder = new RunFolder();
      await using client = peer.start("attach", count, folder.numbered(count));
      await client.ready();
      const { ms, kib, threads } = await client.result<Record<"ms" | "kib" | "threads", number>>();
      return [ms, kib, threads];
    }),
  };
}
