import { expect, test } from "bun:test";
import { processIdentity } from "../src/process/proc.ts";
import { newProcessRecord } from "../src/process/process-record.ts";
import { TaskProcess } from "../src/process/task-process.ts";

const config = { terminal: false, stdin: "", stdout: "/dev/null", stderr: "/dev/null" };
const owner = { changed() {}, async ending() {}, ended() {} };

/** A process that is over, and the number of the session that it began. */
async function stopped() {
  const child = Bun.spawn(["sleep", "1000"]);
  const identity = processIdentity(child.pid)!;
  child.kill("SIGKILL");
  await child.exited;
  const spec = { args: ["sleep"], cwd: "/", env: {}, terminal: false };
  const record = { ...newProcessRecord("t1", config, spec), identity, pid: child.pid };
  return { pid: child.pid, over: TaskProcess.adopt({ ...record, status: "stopped" }, owner) };
}

test("a session is gone after two looks in a row that find nobody", async () => {
  const { pid, over } = await stopped();
  const none = new Set<number>();
  over.lookForSession(none); // may have missed one that forked and ended meanwhile
  expect(over.mayHaveLeft).toBe(true);
  over.lookForSession(new Set([pid]));
  over.lookForSession(none);
  expect(over.mayHaveLeft).toBe(true);
  over.lookForSession(none);
  expect(over.mayHaveLeft).toBe(false);
});
