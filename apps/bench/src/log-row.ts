import type { Bench } from "./bench.ts";
import { countLines } from "./count-lines.ts";
import { ofPeers } from "./of-peers.ts";
import type { Peer } from "./peers/peer.ts";
import { rate } from "./rate.ts";
import type { Row } from "./row.ts";
import { RunFolder } from "./run-folder.ts";
import { fullLines, quickLines } from "./sizes.ts";

const lineSize = 100;

/** A row that tells how quickly lines are logged, in bytes of the lines. Go's side is the format's own writer. */
export function logRow(name: string, format: "cri" | "json-file"): Row {
  const measure = (bench: Bench, peer: Peer) => measureLog(bench, peer, format);
  return {
    figures: [{ name, unit: "MB/s", better: "more" }],
    async sides(bench) {
      const sides = await ofPeers(measure, ["ours", "limit"])(bench);
      const go = await bench.goLogs();
      return go ? { ...sides, go: () => measure(bench, go) } : sides;
    },
  };
}

async function measureLog(bench: Bench, peer: Peer, format: string): Promise<[number]> {
  using folder = new RunFolder();
  const lines = bench.size(fullLines, quickLines);
  const file = folder.file();
  await using writer = peer.start("log", format, lines, file);
  await writer.ready();
  const { ms } = await writer.result<{ ms: number }>();
  const found = countLines(file);
  if (found !== lines) throw new Error(`${found} records are in the log of ${lines}`);
  return [rate(lines * lineSize, ms / 1e3)];
}
