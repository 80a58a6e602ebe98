import { withStreams } from "@taskio/core";
import { newAttach } from "@taskio/fifo";
import { Status } from "../../src/proto.ts";
import { startFakeServer } from "./fake-server.ts";

// To be run as another user: a server with a task that has stopped, and what its client sees.

/** What became of the stdout, read by an attach. */
export async function readStdout(stdout: string) {
  await using server = await start(stdout);
  await using client = await server.connect();
  const attach = newAttach(withStreams(undefined, () => {}));
  const task = await client.loadTask("web", { attach });
  return (await task.io.wait()).stdout;
}

/** Deletes it without reading. The runtime takes its time, as for a reader. */
export async function deleteUnread(stdout: string) {
  await using server = await start(stdout);
  await using client = await server.connect();
  const task = await client.loadTask("web");
  return await task.delete();
}

function start(stdout: string) {
  const process = { id: "web", status: Status.STOPPED, exitStatus: 3, stdout };
  return startFakeServer({
    tasks: {
      get: () => ({ process }),
      wait: () => ({ exitStatus: 3 }),
      delete: async () => (await Bun.sleep(500), { id: "web", exitStatus: 3 }),
    },
  });
}
