// Runs the task of a container as another user, with the default FIFO folder, and prints what came of it as
// JSON: bun user-client.ts ADDRESS NAMESPACE CONTAINER UID
import { connect } from "@taskio/containerd";
import { TaskIOError, withStreams } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { dirname } from "node:path";
import { becomeUser } from "./become-user.ts";
import { TextSink } from "./text-sink.ts";

/** What came of it. */
export interface UserResult {
  /** The folder that FIFO folders are made in. */
  readonly dir?: string;
  readonly output?: string;
  readonly code?: string;
  readonly message?: string;
}

const [address, namespace, container, uid] = process.argv.slice(2);
await using client = await connect({ address: address!, namespace: namespace! });
await client.version(); // the socket is root's, who lets us have the connection
becomeUser(Number(uid), Number(uid));
console.log(JSON.stringify(await run()));

async function run(): Promise<UserResult> {
  const out = new TextSink();
  try {
    const creator = newCreator(withStreams(undefined, out.sink));
    await using task = await client.createTask(container!, { creator });
    await task.start();
    await task.wait();
    await task.delete();
    return { dir: dirname(dirname(task.io.config.stdout)), output: out.text };
  } catch (error) {
    if (!(error instanceof TaskIOError)) throw error;
    return { code: error.code, message: error.message };
  }
}
