// An interactive client on its own terminal, with FIFOs, until it is left. With the argument "nobody"
// no task ever comes; else one holds both FIFOs as a shim does, and shows what it reads.
import { withFIFODir, withStreams, withTerminal } from "@taskio/core";
import { newCreator } from "@taskio/fifo";
import { tempFolder } from "@taskio/test-support";
import { defaultDetachKeys, rawMode, withDetachKeys } from "../../src/index.ts";

using folder = tempFolder();
using _raw = rawMode(0);
using input = withDetachKeys(0, defaultDetachKeys, () => void io.detach());
const create = newCreator(withStreams(input, 1), withTerminal, withFIFODir(folder.path));
const io = await create("t");
const { stdin, stdout } = io.config;
const show = ["sh", "-c", 'exec cat -v <>"$0" >"$1"', stdin, stdout];
const task = process.argv[2] === "nobody" ? undefined : Bun.spawn(show);
console.log("ready");
await io.wait();
const result = await io.stdinDone;
console.log(`left ${input.detached}, ${result!.bytes} bytes, ${result!.unacknowledged} not taken`);
task?.kill();
await task?.exited;
