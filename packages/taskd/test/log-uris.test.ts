import { Code } from "@connectrpc/connect";
import type { Config } from "@taskio/core";
import { expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { codeOf } from "./support/code-of.ts";
import { taskIO } from "./support/task-io.ts";
import { TestRuntime } from "./support/test-runtime.ts";
import { until } from "@taskio/test-support";

const config = (stdout: string, stderr = stdout, stdin = "", terminal = false): Config => ({
  terminal,
  stdin,
  stdout,
  stderr,
});

async function script(path: string, text: string): Promise<string> {
  await Bun.write(path, `#!/bin/bash\nPATH=/usr/bin:/bin\n${text}`);
  chmodSync(path, 0o755);
  return path;
}

test("file:// appends both outputs to one file and makes its folder", async () => {
  await using runtime = await TestRuntime.start();
  const file = runtime.folder.file("logs/a b/t.log");
  for (const id of ["t1", "t2"]) {
    await runtime.task(
      id,
      ["sh", "-c", `echo ${id}; echo err >&2`],
      config(`file://${encodeURI(file)}`),
    );
    await runtime.start(id);
    await runtime.wait(id);
    await runtime.tasks.delete({ containerId: id });
  }
  expect(await Bun.file(file).text()).toBe("t1\nerr\nt2\nerr\n");
});

test("an existing file is appended to, /dev/null is taken", async () => {
  await using runtime = await TestRuntime.start();
  const file = runtime.folder.file("log");
  await Bun.write(file, "old\n");
  await runtime.task("t1", ["sh", "-c", "echo new; echo err >&2"], config(file, "/dev/null"));
  await runtime.start("t1");
  await runtime.wait("t1");
  expect(await Bun.file(file).text()).toBe("old\nnew\n");
});

test("binary:// gives the logger its fds, args and environment, and ends it by the end", async () => {
  await using runtime = await TestRuntime.start();
  const log = runtime.folder.file("log");
  const logger = await script(
    runtime.folder.file("logger"),
    `{ echo "args: $*"; echo "env: $CONTAINER_NAMESPACE $CONTAINER_ID"; } > ${log}
     printf '\\0' >&5; exec 5>&-
     cat <&3 >> ${log}; cat <&4 >> ${log}; echo end >> ${log}`,
  );
  for (const [id, terminal] of [
    ["t1", false],
    ["t2", true],
  ] as const) {
    const uri = `binary://${logger}?key=value&empty=&key=other`;
    await runtime.task(id, ["sh", "-c", "echo out; echo err >&2"], config(uri, "", "", terminal));
    await runtime.start(id);
    await runtime.wait(id);
    await runtime.tasks.delete({ containerId: id });
    const lines = (await Bun.file(log).text()).replaceAll("\r", "").split("\n");
    expect(lines).toEqual(["args: key value empty ", `env: test ${id}`, "out", "err", "end", ""]);
  }
});

test("a logger that stays is sent SIGTERM at the deletion", async () => {
  await using runtime = await TestRuntime.start();
  const log = runtime.folder.file("log");
  const logger = await script(
    runtime.folder.file("logger"),
    `trap 'echo term > ${log}; exit' TERM; exec 5>&-; while :; do sleep 0.05; done`,
  );
  await runtime.task("t1", ["true"], config(`binary://${logger}`));
  await runtime.start("t1");
  await runtime.wait("t1");
  await runtime.tasks.delete({ containerId: "t1" });
  expect(await Bun.file(log).text()).toBe("term\n");
});

test("a logger that isn't there, crashes, or isn't ready: Create says so", async () => {
  await using runtime = await TestRuntime.start();
  const before = runtime.fds();
  const crash = await script(runtime.folder.file("crash"), "echo no disk >&2; exit 5");
  const silent = await script(runtime.folder.file("silent"), "exec 5>&-; sleep 1");
  const failure = async (id: string, uri: string): Promise<string> => {
    const error = await runtime.task(id, ["true"], config(uri)).catch((thrown) => thrown);
    expect(await codeOf(runtime.tasks.get({ containerId: id }))).toBe(Code.NotFound);
    return error.message;
  };
  expect(await failure("t1", "binary:///no/logger")).toContain("/no/logger");
  expect(await failure("t2", `binary://${crash}`)).toContain("its stderr: no disk");
  expect(await failure("t3", `binary-v2://${silent}`)).toContain("did not call ready");
  await until(
    () =>
      runtime.fds().filter((file) => file.startsWith("pipe:")).length <=
      before.filter((file) => file.startsWith("pipe:")).length + 2,
    "its pipes are closed",
  );
});

test("a logger that dies stops no terminal", async () => {
  await using runtime = await TestRuntime.start();
  const logger = await script(runtime.folder.file("logger"), "printf '\\0' >&5; exec 5>&-; exit");
  await runtime.task("t1", ["seq", "1", "200000"], config(`binary://${logger}`, "", "", true));
  await runtime.start("t1");
  expect(await runtime.wait("t1")).toBe(0);
});

test("streams that a shim fails, hangs or panics on are refused", async () => {
  await using runtime = await TestRuntime.start();
  await using client = await taskIO(runtime.folder.path, "fifos", { stdin: new Blob([]) });
  const { stdin, stdout } = client.io.config;
  const cases: [Config, Code][] = [
    [config(stdout, ""), Code.InvalidArgument],
    [config("", stdout), Code.InvalidArgument],
    [config("", "", stdin), Code.InvalidArgument],
    [config("npipe:////x"), Code.InvalidArgument],
    [config(`fifo://${stdout}`), Code.InvalidArgument],
    [config("file://host/x"), Code.InvalidArgument],
    [config("file:///tmp/%zz"), Code.InvalidArgument],
    [config("file:///tmp/%ff"), Code.InvalidArgument],
    [config("file:///tmp/a%00b"), Code.InvalidArgument],
    [config("binary:///bin/%zz"), Code.InvalidArgument],
    [config("binary:///bin/true?a=%zz"), Code.InvalidArgument],
    [config("binary:///bin/true?a=%00"), Code.InvalidArgument],
    [config("ttrpc+unix:///run/x?streaming_id=a"), Code.InvalidArgument],
    [config("relative"), Code.InvalidArgument],
    [config(stdout, stdout, "file:///x"), Code.InvalidArgument],
    [config(stdout, stdout, "/etc/passwd"), Code.InvalidArgument],
    [config("/no/such/fifo"), Code.NotFound],
    [config(stdout, stdout, "/no/such/fifo"), Code.NotFound],
    [config("", "", "", true), Code.InvalidArgument],
    [config("file:///tmp/x", "", "", true), Code.InvalidArgument],
    [config("/dev/null", "", "", true), Code.InvalidArgument],
  ];
  for (const [at, [streams, code]] of cases.entries()) {
    const id = `t${at}`;
    expect([streams, await codeOf(runtime.task(id, ["true"], streams))]).toEqual([streams, code]);
  }
  expect(
    runtime.fds().filter((file) => file.startsWith(runtime.folder.path) && !file.includes("/run/")),
  ).toEqual([]);
  await client.io.detach();
});

test("what a URI can't be decoded for is told", async () => {
  await using runtime = await TestRuntime.start();
  const uri = "binary:///bin/true?a=100%";
  const error = await runtime.task("t1", ["true"], config(uri)).catch((thrown) => thrown);
  expect(error.message).toContain(`stdout "${uri}" has a "%" that begins no UTF-8 character`);
});

test("a logger that crashes is never taken for a ready one, however many start (c#12490)", async () => {
  await using runtime = await TestRuntime.start();
  const crash = await script(runtime.folder.file("crash"), "echo no space left >&2; exit 5");
  const refused = await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      codeOf(runtime.task(`t${at}`, ["true"], config(`binary://${crash}`))),
    ),
  );
  expect(refused).toEqual(refused.map(() => Code.Unknown));
});
