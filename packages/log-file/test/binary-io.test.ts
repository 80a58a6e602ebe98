import { thrown } from "@taskio/test-support";
import { describe, expect, test } from "bun:test";
import { binaryIO, terminalBinaryIO } from "../src/index.ts";
import { invalidArgument } from "./invalid-argument.ts";

describe.each([
  ["binaryIO", binaryIO],
  ["terminalBinaryIO", terminalBinaryIO],
])("%s", (_name, make) => {
  test("the URI has the binary's path and its args, sorted", async () => {
    const { config } = await make("/usr/bin/my logger", { b: "1 2", a: "" })("t1");
    expect(config.stdout).toBe("binary:///usr/bin/my%20logger?a=&b=1+2");
  });

  test("without args there is no query", async () => {
    expect((await make("/l")("t1")).config.stdout).toBe("binary:///l");
    expect((await make("/l", {})("t1")).config.stdout).toBe("binary:///l");
  });

  test("args changed after the call are not seen", async () => {
    const args = { k: "1" };
    const create = make("/l", args);
    args.k = "2";
    expect((await create("t1")).config.stdout).toBe("binary:///l?k=1");
  });

  test("a relative path is refused before an id is known", () => {
    expect(thrown(() => make("logger"))).toEqual(invalidArgument('"logger" must be absolute'));
  });

  test("a NUL byte, which no process's argument can have, is refused", () => {
    expect(thrown(() => make("/l", { k: "a\0" }))).toEqual(invalidArgument('"a\\u0000" has a NUL'));
    expect(thrown(() => make("/l", { "\0": "" }))).toEqual(invalidArgument("has a NUL byte"));
  });
});
