import type { Bench } from "./bench.ts";
import { type Peer, type PeerName, peerNames } from "./peers/peer.ts";
import type { Row, Sides } from "./row.ts";

/** The sides of a row that all peers go through in the same way. */
export function ofPeers(
  measure: (bench: Bench, peer: Peer) => Promise<readonly number[]>,
  names: readonly PeerName[] = peerNames,
): Row["sides"] {
  return (bench): Sides =>
    Object.fromEntries(
      bench.peers
        .filter(({ name }) => names.includes(name))
        .map((peer) => [peer.name, () => measure(bench, peer)]),
    );
}
