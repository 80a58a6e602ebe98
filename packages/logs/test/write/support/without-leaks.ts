import { tempFolder, type TempFolder } from "@taskio/test-support";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";

/** Runs a test in a folder of its own, and expects fds and threads to be afterwards as before. */
export async function withoutLeaks(run: (folder: TempFolder) => Promise<void>): Promise<void> {
  using folder = tempFolder();
  const before = snapshotResources();
  await run(folder);
  await expectNoLeaks(before);
}
