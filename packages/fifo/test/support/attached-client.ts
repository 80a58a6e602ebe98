// A client in a process of its own: attaches to $CONFIG and copies stdout into the file named, by fd or
// by a function that writes (JS=1), says so, and goes on until it is killed or the task ends.
import { newFIFOSet, withStreams } from "@taskio/core";
import { openSync, writeSync } from "node:fs";
import { newAttach } from "../../src/index.ts";

const fd = openSync(process.argv[2]!, process.env.APPEND ? "a" : "w");
const sink = process.env.JS ? (chunk: Uint8Array) => void writeSync(fd, chunk) : fd;
const io = await newAttach(withStreams(undefined, sink))(
  newFIFOSet(JSON.parse(process.env.CONFIG!)),
);
console.log("attached");
await io.wait();
