import { Peer } from "./peer.ts";

const program = Bun.fileURLToPath(new URL("../workers/main.ts", import.meta.url));

/** taskio, from source. */
export async function ours(): Promise<Peer> {
  return new Peer("ours", [process.execPath, program]);
}
