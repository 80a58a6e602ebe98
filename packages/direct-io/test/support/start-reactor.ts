import { newFIFOSetInDir } from "@taskio/fifo";
import { openFifoPeer } from "@taskio/testkit";
import { newDirectIO } from "../../src/index.ts";

/**
 * The reactor's thread and fds stay for the life of the process, and so does what Bun spawns with. A
 * byte that was waited for says that the thread has made all of them.
 */
export async function startReactor(): Promise<void> {
  await Bun.spawn(["true"]).exited;
  await using io = await newDirectIO(await newFIFOSetInDir("", "warm-up", false));
  const reading = io.stdout?.getReader().read();
  await Bun.sleep(5); // the read waits by now
  const peer = openFifoPeer(io.config);
  await peer.write("stdout", new Uint8Array(1));
  await reading;
  peer.exit();
}
