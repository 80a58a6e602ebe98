import { expect, test } from "bun:test";
import manifest from "../package.json" with { type: "json" };
import { cliDocs } from "../scripts/cli-docs.ts";
import { causesOnce } from "../src/cli/causes-once.ts";
import { commandLine } from "../src/cli/command-line.ts";
import { normalizeArgs } from "../src/cli/normalize-args.ts";
import { program } from "../src/cli/program.ts";
import { shellWord } from "../src/cli/shell-word.ts";
import { TestRuntime } from "./support/test-runtime.ts";

test("docs/cli.md is what `bun run docs` writes", async () => {
  const path = new URL("../../../docs/cli.md", import.meta.url);
  expect(await cliDocs()).toBe(await Bun.file(path).text());
});

test("help is laid out as docker's", async () => {
  await using taskio = new TestRuntime();
  const root = await taskio.ok("--help");
  expect(root).toStartWith("Usage:  taskio [OPTIONS] COMMAND\n\n");
  expect(root).toMatch(/\nCommands:\n {2}run +Run a command as a new task\n/);
  expect(root).toEndWith("\n\nRun 'taskio COMMAND --help' for more information on a command.\n");
  expect(await taskio.ok()).toBe(root);
  const run = await taskio.ok("run", "--help");
  expect(run).toStartWith("Usage:  taskio run [OPTIONS] -- COMMAND [ARG...]\n\nRun a command");
  expect(run).toMatch(/\n {2}-e, --env list +\S/);
  expect(run).toMatch(/\n {6}--rm +\S/);
  expect(await taskio.ok("help")).toBe(root);
  expect(await taskio.ok("help", "run")).toBe(run);
});

test("--version is an option of every command, -v of taskio alone", async () => {
  await using taskio = new TestRuntime();
  const version = `taskio ${manifest.version}\n`;
  for (const flag of ["--version", "-v"]) expect(await taskio.ok(flag)).toBe(version);
  for (const line of ["ls --version", "attach one --version", "run -d --version true"]) {
    expect(await taskio.ok(...line.split(" "))).toBe(version);
  }
  for (const command of program(() => {}).commands) {
    expect(command.helpInformation()).toMatch(/\nGlobal Options:\n(.*\n)* {6}--version {2,}\S/);
  }
  expect((await taskio.run(["run", "-v", "/a:/b", "true"])).stderr).toContain(
    "unknown option '-v'",
  );
});

test.each([
  [["frob"], `unknown command 'frob': see "taskio --help"`],
  [["frob", "--help"], `unknown command 'frob': see "taskio --help"`],
  [["--namespace", "run", "frob", "-h"], `unknown command 'frob': see "taskio --help"`],
  [["frob", "--version"], `unknown command 'frob': see "taskio --help"`],
  [["--frob"], `unknown option '--frob': see "taskio --help"`],
  [["--namespace", "ls"], `missing command: see "taskio --help"`],
  [["run", "--frob", "--", "true"], `unknown option '--frob': see "taskio run --help"`],
  [["run"], `missing required argument 'command': see "taskio run --help"`],
  [["run", "--name"], `option '--name <string>' argument missing: see "taskio run --help"`],
  [["exec", "x"], `missing required argument 'command': see "taskio exec --help"`],
  [["exec", "x", "--"], `missing required argument 'command': see "taskio exec --help"`],
  [["help", "frob"], `unknown command 'frob': see "taskio --help"`],
  [["attach"], `missing required argument 'task': see "taskio attach --help"`],
  [
    ["kill", "-s", "FOO", "x"],
    'invalid signal "FOO": give a name such as TERM, or a number from 1 to 64',
  ],
])("%p gets one line and 125", async (args, message) => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(args);
  expect(ended).toEqual({ exitCode: 125, stdout: "", stderr: `taskio: ${message}\n` });
});

test.each(["attach", "wait", "kill", "rm", "logs", "exec"])(
  "%s names an unknown id",
  async (name) => {
    await using taskio = new TestRuntime();
    const rest = name === "exec" ? ["--", "true"] : [];
    const ended = await taskio.run([name, "ghost", ...rest]);
    expect(ended).toEqual({
      exitCode: 125,
      stdout: "",
      stderr: 'taskio: no task "ghost": see "taskio ls"\n',
    });
  },
);

test("a bad name is refused", async () => {
  await using taskio = new TestRuntime();
  const ended = await taskio.run(["run", "--name", "no/slash", "--", "true"]);
  expect(ended.exitCode).toBe(125);
  expect(ended.stderr).toMatch(/^taskio: .*"no\/slash".*\n$/);
});

test("a failed start says each thing once", () => {
  const runc = "OCI runtime create failed: runc create failed: unable to start container process";
  const of = 'failed to create the task of the container "one"';
  const init = `${runc}: error during container init`;
  const not = 'exec: "/x": no such file or directory';
  const stat = 'exec: "/x": stat /x: no such file or directory';
  const table = [
    [`${of}: failed to create shim task: ${runc}: ${stat}: unknown`, `${of}: ${not}`],
    [`${of}: failed to create shim task: ${init}: ${stat}: unknown`, `${of}: ${not}`],
    [`${of}: ${init}: mkdir /x: why: unknown`, `${of}: error during container init: mkdir /x: why`],
    [`${of}: no such image: unknown`, `${of}: no such image: unknown`],
  ] as const;
  for (const [said, once] of table) expect(causesOnce(said)).toBe(once);
});

test("hints quote what a shell would take for more", () => {
  const command = commandLine({ address: "/my run/c'd.sock", namespace: "blue" }, "blue");
  const address = `--address '/my run/c'\\''d.sock'`;
  expect(command("ls")).toBe(`"taskio ${address} --namespace blue ls"`);
  expect(command("ls", "red")).toBe(`"taskio ${address} --namespace red ls"`);
  expect(shellWord("")).toBe("''");
  expect(shellWord("docker.io/library/box:1@sha256:ab")).toBe("docker.io/library/box:1@sha256:ab");
});

test("flags with a value are docker's, up to the task's command", () => {
  const root = program(() => {});
  const normalize = (line: string) => normalizeArgs(line.split(" "), root).join(" ");
  expect(normalize("attach --sig-proxy=false x")).toBe("attach --no-sig-proxy x");
  expect(normalize("attach x --sig-proxy=true")).toBe("attach x");
  expect(normalize("run --rm=true -e --rm=true --tty=0 sh --rm=true")).toBe(
    "run --rm -e --rm=true sh --rm=true",
  );
  expect(normalize("--namespace run run -- x --rm=1")).toBe("--namespace run run -- x --rm=1");
});
