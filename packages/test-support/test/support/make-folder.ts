// Makes a daemon's folder, prints its path, and ends with its stdin.
import { makeDaemonFolder } from "../../src/daemon-folder.ts";

console.log(makeDaemonFolder().path);
await Bun.stdin.text();
