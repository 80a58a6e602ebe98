import { newFIFOSet, withStreams } from "@taskio/core";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import { newAttach, newFIFOSetInDir } from "../../src/index.ts";
import { tempFolder } from "./temp-folder.ts";

/** Runs a test and expects fds, threads and a FIFO folder to be afterwards as they were before. */
export async function withoutLeaks(run: (fifoDir: string) => Promise<void>): Promise<void> {
  await startReactor();
  using folder = tempFolder();
  const before = snapshotResources({ folders: [folder.path] });
  await run(folder.path);
  await expectNoLeaks(before);
}

/** The reactor's thread and fds stay for the life of the process. */
export async function startReactor(): Promise<void> {
  await using fifos = await newFIFOSetInDir("", "warm-up", false);
  const attach = newAttach(withStreams(undefined, () => {}, 2));
  const io = await attach(newFIFOSet(fifos.config));
  await io.detach();
}
