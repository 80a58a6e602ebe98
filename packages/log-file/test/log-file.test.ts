import { thrown } from "@taskio/test-support";
import { expect, test } from "bun:test";
import { logFile } from "../src/index.ts";
import { invalidArgument } from "./invalid-argument.ts";

test("the Config names the file's URI for both outputs", async () => {
  const io = await logFile("/var//log/../log/a b?.log")("t1");
  const uri = "file:///var/log/a%20b%3F.log";
  expect(io.config).toEqual({ terminal: false, stdin: "", stdout: uri, stderr: uri });
});

test.each(["rel", "", "./x", "file:///x"])(
  "the path %j is refused before an id is known",
  (path) => {
    const part = `log path ${JSON.stringify(path)} must be absolute`;
    expect(thrown(() => logFile(path))).toEqual(invalidArgument(part));
  },
);
