import { withFIFODir, withStreams } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { tempFolder } from "@taskio/test-support";
import { openFifoPeer } from "@taskio/testkit";
import { newHub, newHubAttach } from "../../src/index.ts";

/**
 * The reactor's thread and fds stay for the life of the process, and so does what Bun spawns and
 * connects with. A byte that came through a hub says that all of them are there.
 */
export async function startReactor(): Promise<void> {
  await Bun.spawn(["true"]).exited;
  using folder = tempFolder();
  const fifos = await newFIFOSetInDir(folder.path, "warm-up", false);
  await using hub = await newHub(fifos);
  const peer = openFifoPeer(fifos.config);
  const seen = Promise.withResolvers<void>();
  const streams = withStreams(new Uint8Array(1), () => seen.resolve());
  await using io = await newHubAttach(streams, withFIFODir(folder.path))(fifos);
  await peer.write("stdout", new Uint8Array(1));
  await seen.promise;
  peer.exit();
  await io.wait();
  await hub.wait();
}
