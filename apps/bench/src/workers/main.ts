// The peer that is ours: the commands and what is printed are those of all peers, see the README.
import { attach } from "./attach.ts";
import { copy } from "./copy.ts";
import { echoFd } from "./echo-fd.ts";
import { echoJs } from "./echo-js.ts";
import { feed } from "./feed.ts";
import { hub } from "./hub.ts";
import { log } from "./log.ts";
import { tail } from "./tail.ts";
import { view } from "./view.ts";
import { wait } from "./wait.ts";

const [command, ...args] = process.argv.slice(2) as [string, ...string[]];
const commands: Record<string, (...args: string[]) => Promise<object | void>> = {
  copy: (sink, ...tasks) => copy(sink!, tasks),
  "copy-busy": (sink, ...tasks) => copy(sink!, tasks, { busy: true }),
  feed: (source, fifo) => feed(source!, fifo!),
  "echo-fd": (source, stdin, stdout, sink) => echoFd(source!, stdin!, stdout!, sink!),
  "echo-js": (warmUp, count, stdin, stdout) =>
    echoJs(Number(warmUp), Number(count), stdin!, stdout!),
  attach: (count, dir) => attach(Number(count), dir!),
  wait: (count, dir, ms) => wait(Number(count), dir!, Number(ms)),
  hub: (fifo) => hub(fifo!),
  view: (sink, fifo) => view(sink!, fifo!),
  log: (format, count, file) => log(format!, Number(count), file!),
  tail: (count, file) => tail(Number(count), file!),
};
const result = await commands[command]!(...args);
if (result) console.log(JSON.stringify(result));
process.exit();
