import { expect } from "bun:test";
import { endHub } from "./end-hub.ts";
import { RunningCommand } from "./running-command.ts";
import { stepwise } from "./stepwise.ts";
import type { TestRuntime } from "./test-runtime.ts";

/** Types two lines, of which the task reads one, has the hub killed, and types on at the next hub. */
export async function typesOn(taskio: TestRuntime, id: string): Promise<void> {
  const { script, open, taken } = stepwise(
    taskio,
    "read a; echo got $a; until read -t 0; do sleep 0.05; done", // until the next line is there
    "read b; echo got $b",
    "read c; echo got $c; exit 6",
  );
  await taskio.ok("run", "-di", "--name", id, "--", "bash", "-c", script);
  const first = new RunningCommand(taskio.spawn(["attach", id], { stdin: "one\ntwo\n" }));
  await first.sees("got one\n");
  await taken(0);
  await endHub(taskio, "SIGKILL");
  expect(await first.ended()).toMatchObject({ exitCode: 125, stdout: "got one\n" });
  await open(1);
  await taken(1); // without a hub
  await open(2);
  const second = await taskio.run(["attach", id], { stdin: "three\n" });
  expect(second).toEqual({ exitCode: 6, stdout: "got two\ngot three\n", stderr: "" });
  expect(await taskio.ok("logs", id)).toBe("got one\ngot two\ngot three\n");
}
