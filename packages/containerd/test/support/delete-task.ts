import { connect } from "../../src/index.ts";

// To be run as a program of its own: deletes a task, and prints how many ms that took.

const [address, namespace, id] = process.argv.slice(2);
await using client = await connect({ address: address!, namespace: namespace! });
const task = await client.loadTask(id!);
await task.wait();
const start = performance.now();
await task.delete({ grace: 0 });
console.log(performance.now() - start);
