import { describe, expect, test } from "bun:test";

/** The fault, the test that must find it, and what that says. */
const faults: [fault: string, sentence: string, message: string][] = [
  [
    "reuses its buffer",
    "a sink that keeps its chunks sees them unchanged later",
    "first difference",
  ],
  [
    "drops what a failing sink leaves",
    "when a function throws$",
    "the task's writes did not settle",
  ],
  ["does not cancel", "when a function as sink is stuck", "wait() after cancel() did not settle"],
  ["leaves an fd open", "is one that a shim accepts", "-> /dev/zero"],
  ["does not look at ids", "an invalid id is refused", "expected a rejection"],
  ["closes the caller's stream", "unlocked and go on at the end of the file", "WritableStream"],
  ["loses a chunk at attach", "nothing is lost into a function", "expect(bytes)"],
  ["lets two readers in", "is refused, and the first is undisturbed", "expected a rejection"],
];

describe("the suite finds a backend that", () => {
  for (const [fault, sentence, message] of faults) {
    test.concurrent(
      fault,
      async () => {
        const found = await runSuite(fault, sentence);
        expect(found).toContain("(fail) ");
        expect(found).toContain(message);
        expect(await runSuite("none", sentence)).toMatch(/^ [1-9] pass\n .*\n 0 fail/m);
      },
      60_000,
    );
  }
});

async function runSuite(fault: string, sentence: string): Promise<string> {
  const child = Bun.spawn(
    [process.execPath, "test", "./support/faulty.ts", "--test-name-pattern", sentence],
    {
      cwd: import.meta.dir,
      env: { ...process.env, FAULT: fault },
      stderr: "pipe",
      stdout: "ignore",
    },
  );
  return new Response(child.stderr).text();
}
