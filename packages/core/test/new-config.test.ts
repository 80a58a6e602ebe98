import { describe, expect, test } from "bun:test";
import { newConfig, type StreamName, type Streams } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const sink = () => {};

function streams(terminal: boolean, ...wired: StreamName[]): Streams {
  const given = { stdin: new Uint8Array(0), stdout: sink, stderr: sink };
  const picked = Object.fromEntries(wired.map((name) => [name, given[name]]));
  return { terminal, fifoDir: "", ...picked };
}

const path = (name: StreamName) => `/x/${name}`;
const [stdin, stdout, stderr] = (["stdin", "stdout", "stderr"] as const).map(path);

describe("the config of a task without a terminal", () => {
  test.each([
    [[], "", "", ""],
    [["stdin"], stdin, "/dev/null", "/dev/null"],
    [["stdout"], "", stdout, "/dev/null"],
    [["stderr"], "", "/dev/null", stderr],
    [["stdin", "stdout"], stdin, stdout, "/dev/null"],
    [["stdin", "stderr"], stdin, "/dev/null", stderr],
    [["stdout", "stderr"], "", stdout, stderr],
    [["stdin", "stdout", "stderr"], stdin, stdout, stderr],
  ] as [StreamName[], string, string, string][])("with %j", (wired, stdin, stdout, stderr) => {
    const config = newConfig(streams(false, ...wired), path);
    expect(config).toEqual({ terminal: false, stdin, stdout, stderr });
  });
});

describe("the config of a task with a terminal", () => {
  test.each([
    [["stdout"], "", stdout],
    [["stdin", "stdout"], stdin, stdout],
    [["stdout", "stderr"], "", stdout],
    [["stdin", "stdout", "stderr"], stdin, stdout],
  ] as [StreamName[], string, string][])("with %j", (wired, stdin, stdout) => {
    const config = newConfig(streams(true, ...wired), path);
    expect(config).toEqual({ terminal: true, stdin, stdout, stderr: "" });
  });

  test.each([[[]], [["stdin"]], [["stderr"]], [["stdin", "stderr"]]] as [StreamName[]][])(
    "with %j is refused: it needs a stdout",
    (wired) => {
      expect(thrown(() => newConfig(streams(true, ...wired), path))).toMatchObject({
        code: "INVALID_CONFIG",
        message: "a terminal task needs a stdout: give a sink for it",
      });
    },
  );
});

test("a path is asked for only where it is used", () => {
  const asked: StreamName[] = [];
  const given = streams(true, "stdout", "stderr");
  newConfig(given, (name) => (asked.push(name), name));
  newConfig(streams(false), (name) => (asked.push(name), name));
  expect(asked).toEqual(["stdout"]);
});

test("fd 0 and empty bytes are streams", () => {
  const given = { terminal: false, fifoDir: "", stdin: 0, stdout: 0 };
  expect(newConfig(given, path)).toMatchObject({ stdin, stdout });
});
