import { copyOutputs } from "../copy-outputs.ts";
import { ofPeers } from "../of-peers.ts";
import { rate } from "../rate.ts";
import type { Row } from "../row.ts";
import { fullBytes, quickBytes } from "../sizes.ts";

/**
 * A client that computes while an output is copied, and its share of what it copies when idle. Until the
 * task has written all: a program that computes hears of the end when it next looks.
 */
export const busyMainThread: Row = {
  figures: [
    { name: "busy-main-thread", unit: "MB/s", better: "more" },
    { name: "busy-main-thread-of-idle", unit: "×", better: "more" },
  ],
  sides: ofPeers(async (bench, peer) => {
    const bytes = bench.size(fullBytes, quickBytes);
    const idle = await copyOutputs(bench, peer, { sink: "null", bytes });
    const busy = await copyOutputs(bench, peer, { sink: "null", bytes, busy: true });
    return [rate(bytes, busy.writing), idle.writing / busy.writing];
  }),
};
