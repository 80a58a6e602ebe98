import type { Creator } from "@taskio/core";
import { newFIFOSetInDir } from "@taskio/fifo";
import { tempFolder } from "@taskio/test-support";
import { openFifoPeer, testCreator } from "@taskio/testkit";
import { type DirectIO, newDirectIO } from "../src/index.ts";
import { startReactor } from "./support/start-reactor.ts";

testCreator({
  name: "direct-io",
  capabilities: { heldStreams: true, stdin: true, attach: true, oneReader: true, paths: true },
  async setUp() {
    await startReactor();
    const folder = tempFolder();
    return {
      newCreator: () => createIn(folder.path),
      newAttach: () => newDirectIO,
      peer: ({ config }) => openFifoPeer(config),
      held: (io) => io as DirectIO,
      folders: [folder.path],
      async [Symbol.asyncDispose]() {
        folder[Symbol.dispose]();
      },
    };
  },
});

/** As a program makes the streams of a new task; the set is closed where they cannot be opened. */
function createIn(root: string): Creator {
  return async (id, options) => {
    const fifos = await newFIFOSetInDir(root, id, false);
    try {
      return await newDirectIO(fifos, options);
    } catch (error) {
      await fifos.close();
      throw error;
    }
  };
}
