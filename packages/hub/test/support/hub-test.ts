import { tempFolder } from "@taskio/test-support";
import { expectNoLeaks, snapshotResources } from "@taskio/testkit";
import { test } from "bun:test";
import { startReactor } from "./start-reactor.ts";

/** Generous, for machines under load, in ms. */
const timeout = 60_000;

/** A test in a folder of its own, which ends with fds, threads and the folder as they were. */
export function hubTest(sentence: string, run: (folder: string) => Promise<void>): void {
  const inFolder = async () => {
    await startReactor();
    using folder = tempFolder();
    const before = snapshotResources({ folders: [folder.path] });
    await run(folder.path);
    await expectNoLeaks(before);
  };
  test(sentence, inFolder, timeout);
}
