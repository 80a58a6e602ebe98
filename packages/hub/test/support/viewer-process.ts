// A viewer in a process of its own, which writes a line to the task's stdin and stays until it is killed.
import { newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
import { dirname } from "node:path";
import { newHubAttach } from "../../src/index.ts";

const [json, line] = process.argv.slice(2);
const config = JSON.parse(json!);
async function* stdin() {
  yield Buffer.from(line!);
  console.log("written");
  await new Promise(() => {});
}
const attach = newHubAttach(
  withStreams(line === undefined ? undefined : stdin(), () => {}),
  withFIFODir(dirname(dirname(config.stdout))),
);
await using io = await attach(newFIFOSet(config));
if (line === undefined) console.log("attached");
await io.wait();
