import { expect, test } from "bun:test";
import { isIgnored, onSignal } from "../src/on-signal.ts";

// In Bun, process.off leaves a signal at its default: SIGPIPE, ignored before, would then be deadly.
test("a signal does again what it did before its listeners came", () => {
  expect(isIgnored("SIGPIPE")).toBe(true);
  const first = onSignal("SIGPIPE", () => {});
  const second = onSignal("SIGPIPE", () => {});
  expect(isIgnored("SIGPIPE")).toBe(false);
  first[Symbol.dispose]();
  expect(isIgnored("SIGPIPE")).toBe(false);
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  expect(isIgnored("SIGPIPE")).toBe(true);
  expect(process.listenerCount("SIGPIPE")).toBe(0);
});

test("listens before the others, and leaves them alone", async () => {
  const heard: string[] = [];
  const theirs = () => void heard.push("theirs");
  process.on("SIGUSR2", theirs);
  const ours = onSignal("SIGUSR2", () => heard.push(`ours of ${process.listenerCount("SIGUSR2")}`));
  process.kill(process.pid, "SIGUSR2");
  await Bun.sleep(20);
  ours[Symbol.dispose]();
  process.kill(process.pid, "SIGUSR2");
  await Bun.sleep(20);
  expect(heard).toEqual(["ours of 2", "theirs", "theirs"]);
  process.off("SIGUSR2", theirs);
});
