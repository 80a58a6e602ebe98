import { thrown } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { logURIGenerator } from "../src/index.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { type Vector, vectors, vectorsText } from "./vectors.ts";

const ours = ({ scheme, path, args }: Vector) =>
  logURIGenerator(scheme, path, args ? Object.fromEntries(args) : undefined);

const hasNUL = ({ path }: Vector) => path.includes("\0");
const accepted = vectors.filter((vector) => vector.uri !== undefined);
const refused = vectors.filter((vector) => vector.error !== undefined);

test("every case is an answer or an error, and there are many of both", () => {
  expect(accepted.length + refused.length).toBe(vectors.length);
  expect(accepted.length).toBeGreaterThan(400);
  expect(refused.length).toBeGreaterThan(15);
});

test("URIs are Go's, byte for byte", () => {
  const usable = accepted.filter((vector) => !hasNUL(vector));
  expect(usable.map((vector) => [vector, ours(vector)])).toEqual(
    usable.map((vector) => [vector, vector.uri ?? ""]),
  );
});

test("paths that Go refuses are refused, as they were given", () => {
  for (const vector of refused) {
    const part = `${JSON.stringify(vector.path)} must be absolute`;
    expect(thrown(() => ours(vector))).toEqual(invalidArgument(part));
  }
});

test("a NUL byte in a path is refused, which Go escapes", () => {
  const withNUL = accepted.filter(hasNUL);
  expect(withNUL).toHaveLength(1);
  for (const vector of withNUL) {
    expect(thrown(() => ours(vector))).toEqual(invalidArgument("has a NUL byte"));
  }
});

const goTest = process.env.TASKIO_TEST_GO === "1" && Bun.which("go") !== null;

test.skipIf(!goTest)(
  "the vectors are what Go prints today (skipped without TASKIO_TEST_GO=1 and go on the PATH)",
  async () => {
    const cwd = new URL("./vectors-go", import.meta.url).pathname;
    const go = Bun.spawn(["go", "run", "."], { cwd, stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr] = await Promise.all([go.stdout.text(), go.stderr.text()]);
    if ((await go.exited) !== 0) throw new Error(`go run failed: ${stderr}`);
    expect(stdout).toBe(vectorsText);
  },
  600_000, // the first run downloads containerd's module
);
