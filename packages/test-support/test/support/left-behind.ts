// Starts a daemon with tasks, prints what there is of it, and waits to be killed.
import { startContainerd } from "../../src/index.ts";
import { startTasks } from "./start-tasks.ts";
import { tracesOf } from "./traces.ts";

const daemon = await startContainerd();
await startTasks(daemon, `left-${process.pid}`);
console.log(JSON.stringify(tracesOf(daemon)));
await Bun.sleep(60_000);
await daemon.stop();
