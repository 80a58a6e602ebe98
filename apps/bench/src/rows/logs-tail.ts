import { fillFile } from "../fill-file.ts";
import { ofPeers } from "../of-peers.ts";
import type { Row } from "../row.ts";
import { RunFolder } from "../run-folder.ts";
import { fullBytes, quickBytes } from "../sizes.ts";

const count = 10;
const record = `2026-08-01T12:00:00.123456789Z stdout F ${"x".repeat(99)}\n`;
const block = Buffer.from(record.repeat(8192));

/** The last lines of a large log. On Go's side nothing is comparable: nerdctl runs `tail`. */
export const logsTail: Row = {
  figures: [
    { name: "logs-tail", unit: "ms", better: "less" },
    { name: "logs-tail-rss", unit: "KiB", better: "less" },
  ],
  sides: ofPeers(
    async (bench, peer) => {
      using folder = new RunFolder();
      const file = folder.file();
      const records = Math.floor(bench.size(fullBytes, quickBytes) / record.length);
      await fillFile(file, records * record.length, block);
      await using reader = peer.start("tail", count, file);
      await reader.ready();
      const { ms, kib, lines } = await reader.result<Record<"ms" | "kib" | "lines", number>>();
      if (lines !== count) throw new Error(`${lines} lines were read, not ${count}`);
      return [ms, kib];
    },
    ["ours", "limit"],
  ),
};
