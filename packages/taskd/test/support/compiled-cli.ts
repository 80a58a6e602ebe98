// A program that carries the runtime in itself: prints the pid of the one that serves the folder named.
import { ensureTaskd, runTaskd, taskdArgument } from "../../src/index.ts";
import { connect } from "./test-runtime.ts";

if (process.argv[2] === taskdArgument) await runTaskd();
else {
  const { address } = await ensureTaskd({ dir: process.argv[2]!, idleMs: 60_000 });
  const clients = connect(address);
  console.log(String((await clients.introspection.server({})).pid));
  clients.close();
}
