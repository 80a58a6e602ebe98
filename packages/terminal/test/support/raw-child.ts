// Puts its terminal into raw mode, says so, and ends as the first argument says.
import { dlopen } from "bun:ffi";
import { openSync, writeSync } from "node:fs";
import { rawMode } from "../../src/index.ts";

const ends: Record<string, () => unknown> = {
  wait: () => Bun.sleep(60_000),
  exit: () => process.exit(7),
  return: () => {},
  throw: () => {
    throw new Error("uncaught");
  },
  "throw later": () => setTimeout(() => ends.throw!(), 1),
  reject: () => void Promise.reject(new Error("unhandled")),
  "write to a broken pipe": async () => {
    for (;;) await Bun.write(Bun.stdout, "x".repeat(4096));
  },
  "write to a broken pipe, with SIGPIPE at its default": async () => {
    for (;;) writeSync(1, "x".repeat(4096)); // the listener has no turn before the error
  },
  "listen to SIGTERM": () => {
    process.once("SIGTERM", () => setTimeout(() => process.exit(5), 20));
    return Bun.sleep(60_000);
  },
  "exit in the background": () => {
    const { setpgid } = dlopen("libc.so.6", {
      setpgid: { args: ["i32", "i32"], returns: "i32" },
    }).symbols;
    setpgid(0, 0);
    process.exit(0);
  },
  restore: () => raw.restore(),
};

const [how, terminal] = process.argv.slice(2) as [string, string];
if (how.endsWith("at its default")) {
  const listener = () => {};
  process.on("SIGPIPE", listener).off("SIGPIPE", listener); // leaves SIG_DFL in Bun
}
const raw = rawMode(terminal === "/dev/tty" ? openSync(terminal, "r+") : 0);
console.log("raw");
if (how.startsWith("write")) await Bun.sleep(300); // until the pipe is broken
await ends[how]!();
