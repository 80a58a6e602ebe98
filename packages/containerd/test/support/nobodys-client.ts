import { withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { Status } from "../../src/proto.ts";
import { startFakeServer } from "./fake-server.ts";

// To be run as another user: a server with a task that has stopped, and what its client sees.

/** What became of the outputs, read by an attach. */
export async function readOutputs(outputs: Outputs) {
  await using server = await start(outputs);
  await using client = await server.connect();
  const attach = newAttach(withStreams(undefined, slow(), () => {}));
  const task = await client.loadTask("web", { attach });
  return await task.io.wait();
}

/** Deletes it when its outputs are read. */
export async function deleteRead(outputs: Outputs) {
  await using server = await start(outputs);
  await using client = await server.connect();
  const task = await client.loadTask("web", { attach: newAttach(withStreams(undefined, slow())) });
  return await task.delete();
}

/** Deletes it without reading. The runtime takes its time, as for a reader. */
export async function deleteUnread(outputs: Outputs) {
  await using server = await start(outputs);
  await using client = await server.connect();
  const task = await client.loadTask("web");
  return await task.delete();
}

/** The paths of FIFOs. */
export interface Outputs {
  readonly stdout: string;
  readonly stderr?: string;
}

/** A sink that takes a while for its first chunk. */
function slow() {
  let taken = 0;
  return async ({ length }: Uint8Array) => {
    if (taken === 0) await Bun.sleep(500);
    taken += length;
  };
}

function start(outputs: Outputs) {
  const process = { id: "web", status: Status.STOPPED, exitStatus: 3, ...outputs };
  return startFakeServer({
    tasks: {
      get: () => ({ process }),
      wait: () => ({ exitStatus: 3 }),
      delete: async () => (await Bun.sleep(500), { id: "web", exitStatus: 3 }),
    },
  });
}
