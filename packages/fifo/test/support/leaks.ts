import { newFIFOSet, withStreams } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { expectNoLeaks, openFifoPeer, snapshotResources } from "@taskio/testkit";
import { setDefaultTimeout } from "bun:test";
import { newAttach, newFIFOSetInDir } from "../../src/index.ts";

setDefaultTimeout(60_000);

/** Runs a test and expects fds, threads and a FIFO folder to be afterwards as they were before. */
export async function withoutLeaks(run: (fifoDir: string) => Promise<void>): Promise<void> {
  await startReactor();
  using folder = tempFolder();
  const before = snapshotResources({ folders: [folder.path] });
  await run(folder.path);
  await expectNoLeaks(before);
}

/** The reactor's thread and fds stay for the life of the process; it runs once it has told something. */
export async function startReactor(): Promise<void> {
  await using fifos = await newFIFOSetInDir("", "warm-up", false);
  const told = Promise.withResolvers<void>();
  const attach = newAttach(withStreams(undefined, () => told.resolve(), 2));
  const io = await attach(newFIFOSet(fifos.config));
  await Bun.sleep(5); // the read waits by now
  const peer = openFifoPeer(fifos.config);
  await peer.write("stdout", new Uint8Array(1));
  await told.promise;
  await io.detach();
  await peer.exit();
}
