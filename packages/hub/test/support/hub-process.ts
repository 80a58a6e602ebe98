// A hub in a process of its own, which logs into a file until it is killed.
import { newFIFOSet } from "@taskio/core";
import { closeSync, openSync, writeSync } from "node:fs";
import { newHub } from "../../src/index.ts";

const [config, logPath] = process.argv.slice(2);
const fd = openSync(logPath!, "a");
await using hub = await newHub(newFIFOSet(JSON.parse(config!)), {
  log: { write: (_, chunk) => void writeSync(fd, chunk) },
});
console.log("ready");
await hub.wait();
closeSync(fd);
