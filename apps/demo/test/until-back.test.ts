import { expect, test } from "bun:test";
import { TaskIOError } from "@taskio/core";
import { rejection } from "@taskio/test-support";
import type { Runtime } from "../src/client/open-runtime.ts";
import { untilBack } from "../src/client/until-back.ts";

const away = new TaskIOError("UNAVAILABLE", "it went away");
const silent = new TaskIOError("UNAVAILABLE", "it does not answer", { errno: "ETIMEDOUT" });

/** What is asked of a runtime here, and how often it was started again. */
function standIn() {
  const counts = { revivals: 0 };
  const revive = async () => void counts.revivals++;
  const runtime = { revive, options: { address: "/x.sock" } } as unknown as Runtime;
  return { counts, runtime };
}

test("a call is made again when its runtime is back", async () => {
  const { counts, runtime } = standIn();
  const answers = [away, away, "done"];
  const call = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  expect(await untilBack(runtime, call)).toBe("done");
  expect(counts.revivals).toBe(2);
});

test("one that is silent has been waited for already", async () => {
  const { counts, runtime } = standIn();
  expect(await rejection(untilBack(runtime, () => Promise.reject(silent)))).toMatchObject({
    code: "UNAVAILABLE",
    errno: "ETIMEDOUT",
    message: `it does not answer: the task may go on, see "taskio --address /x.sock ls"`,
  });
  expect(counts.revivals).toBe(0);
});

test("other errors are left as they are", async () => {
  const { runtime } = standIn();
  const error = new TaskIOError("NOT_FOUND", "no such task");
  expect(await rejection(untilBack(runtime, () => Promise.reject(error)))).toBe(error);
});

test("an abort ends it, also between two calls", async () => {
  const { runtime } = standIn();
  const reason = new Error("enough");
  const left = new AbortController();
  const call = () => {
    left.abort(reason);
    return Promise.reject(away);
  };
  expect(await rejection(untilBack(runtime, call, left.signal))).toBe(reason);
});

test("a runtime that can't be started again is told, with what was lost", async () => {
  const { runtime } = standIn();
  const broken = { ...runtime, revive: () => Promise.reject(new Error("no disk")) };
  expect(await rejection(untilBack(broken, () => Promise.reject(away)))).toMatchObject({
    code: "UNAVAILABLE",
    message: `it went away, no disk: the task may go on, see "taskio --address /x.sock ls"`,
  });
});
