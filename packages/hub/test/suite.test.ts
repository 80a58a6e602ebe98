import {
  type Creator,
  type IO,
  newFIFOSet,
  newStreams,
  type Opt,
  type Streams,
  withFIFODir,
} from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { removeFIFOs } from "@taskio/fifo/holders";
import { tempFolder } from "@taskio/test-support";
import { openFifoPeer, testCreator } from "@taskio/testkit";
import { newHub, newHubAttach } from "../src/index.ts";
import { startReactor } from "./support/start-reactor.ts";

testCreator({
  name: "the viewer of a hub",
  capabilities: { copies: true, stdin: true, fds: true, webStreams: true, terminal: true },
  async setUp() {
    await startReactor();
    const folder = tempFolder();
    return {
      newCreator: (...opts) => createIn(folder.path, opts),
      peer: ({ config }) => openFifoPeer(config),
      folders: [folder.path],
      async [Symbol.asyncDispose]() {
        folder[Symbol.dispose]();
      },
    };
  },
});

/** A task's FIFOs, its hub, and the hub's one viewer, with which all of them go away. */
function createIn(root: string, opts: Opt[]): Creator {
  return async (id, options) => {
    const made = await newCreator(sameWiring(newStreams(...opts)), withFIFODir(root))(id, options);
    const { config } = made;
    if (config.stdout === "") return made;
    await made.detach();
    const { stdin, stdout, stderr } = config;
    const fifos = newFIFOSet(config, () => removeFIFOs([stdin, stdout, stderr]));
    const hub = await newHub(fifos, { slowViewers: "wait", viewerLimit: 1 << 20 });
    try {
      const attach = newHubAttach(...opts, withFIFODir(root));
      const io = await attach(
        newFIFOSet(config, () => hub.close()),
        options,
      );
      return Object.assign(io, { detach: detachBoth(io, () => hub.detach()) });
    } catch (error) {
      await hub.close();
      throw error;
    }
  };
}

function sameWiring({ terminal, stdin, stdout, stderr }: Streams): Opt {
  return (streams) => {
    streams.terminal = terminal;
    if (stdin !== undefined) streams.stdin = new Uint8Array(0);
    if (stdout !== undefined) streams.stdout = () => {};
    if (stderr !== undefined) streams.stderr = () => {};
  };
}

function detachBoth(io: IO, detachHub: () => Promise<unknown>): IO["detach"] {
  const detach = io.detach.bind(io);
  return async () => {
    const result = await detach();
    await detachHub();
    return result;
  };
}
