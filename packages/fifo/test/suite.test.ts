import { withFIFODir } from "@taskio/core";
import { tempFolder } from "@taskio/test-support";
import { openFifoPeer, testCreator } from "@taskio/testkit";
import { newAttach, newCreator } from "../src/index.ts";
import { startReactor } from "./support/leaks.ts";

testCreator({
  name: "fifo",
  capabilities: {
    copies: true,
    stdin: true,
    fds: true,
    webStreams: true,
    attach: true,
    oneReader: true,
    terminal: true,
    paths: true,
  },
  async setUp() {
    await startReactor();
    const folder = tempFolder();
    return {
      newCreator: (...opts) => newCreator(...opts, withFIFODir(folder.path)),
      newAttach,
      peer: ({ config }) => openFifoPeer(config),
      folders: [folder.path],
      async [Symbol.asyncDispose]() {
        folder[Symbol.dispose]();
      },
    };
  },
});
