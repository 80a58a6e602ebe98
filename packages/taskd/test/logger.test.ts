import { expect, test } from "bun:test";
import { tempFolder, until } from "@taskio/test-support";
import { readdirSync } from "node:fs";
import { Logger, type LoggerContext } from "../src/streams/logger.ts";
import { fewFDs } from "./support/few-fds.ts";

const uri = new URL("binary:///bin/false"); // it is never ready
const openFds = (): number => readdirSync("/proc/self/fd").length;

async function failure(context: LoggerContext): Promise<string> {
  try {
    await Logger.start(uri, context);
    return "it started";
  } catch (error) {
    return String(error);
  }
}

test("a logger that can't be started leaves no fd, wherever the fds or the disk run out", async () => {
  using folder = tempFolder();
  const context = { id: "t1", namespace: "test", stderr: folder.file("stderr") };
  expect(await failure(context)).toContain("exited with 1"); // what is loaded once is loaded
  const before = openFds();
  const settled = () => until(() => openFds() === before, "its fds are closed", { ms: 5_000 });
  const failures: string[] = [];
  for (let spare = 0; spare <= 16; spare++) {
    {
      using _ = fewFDs(spare);
      failures.push(await failure(context));
    }
    await settled();
  }
  expect(failures[0]).toContain("EMFILE");
  expect(failures.at(-1)).toContain("exited with 1");
  const nowhere = { ...context, stderr: folder.file("no/folder") };
  expect(await failure(nowhere)).toContain("for a logger's stderr");
  await settled();
});
