import { buildC } from "../build.ts";
import { Peer } from "./peer.ts";

/** A loop in C. */
export async function limit(): Promise<Peer> {
  return new Peer("limit", [await buildC("limit")]);
}
