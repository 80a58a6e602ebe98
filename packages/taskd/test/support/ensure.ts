// Starts the runtime of the folder that is named, as one of many, and prints its pid.
import { ensureTaskd } from "../../src/index.ts";
import { connect } from "./test-runtime.ts";

const { address } = await ensureTaskd({ dir: process.argv[2]! });
const clients = connect(address);
console.log(String((await clients.introspection.server({})).pid));
clients.close();
