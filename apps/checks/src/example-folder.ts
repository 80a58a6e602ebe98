import { join } from "node:path";
import type { Example } from "./examples.ts";
import { expectedOutput, instrumented, saysTheTruth } from "./expected-output.ts";
import type { Printed } from "./log-at.ts";
import { runBun } from "./run.ts";

/** Examples as files in a folder, where their imports resolve as its surroundings say. */
export class ExampleFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The type errors of the examples, each at the file named after its example; empty when none. */
  async check(examples: readonly Example[], tsconfig: object): Promise<string> {
    for (const example of examples) await this.#write(example, ".ts", example.code);
    const project = join(this.path, "tsconfig.json");
    const included = { include: ["**/*.ts"], exclude: ["**/*.run.ts", "**/*.run.test.ts"] };
    await Bun.write(project, JSON.stringify({ ...tsconfig, ...included }));
    const { code, output } = await runBun(this.path, ["check", "--no-script", "-p", project]);
    return code === 0 ? "" : output;
  }

  /** What is wrong with an example that is run; empty when nothing is. */
  async failure(example: Example): Promise<string> {
    const suffix = usesTests(example) ? ".run.test.ts" : ".run.ts";
    const file = await this.#write(example, suffix, instrumented(example.code));
    const log = `${file}.log`;
    await Bun.write(log, "");
    const preload = ["--preload", join(import.meta.dir, "log-at.ts")];
    const args = [...(usesTests(example) ? ["test"] : []), ...preload, file];
    const { code, output } = await runBun(this.path, args, { EXAMPLE_LOG: log });
    return code === 0 ? lies(example, await Bun.file(log).text()) : `exit code ${code}\n${output}`;
  }

  /** Each source has a folder, so that the files that its examples show do not mix. */
  async #write({ file, line, imports }: Example, suffix: string, code: string): Promise<string> {
    const folder = join(this.path, file.replace(/[^A-Za-z0-9]+/g, "-"));
    for (const [name, block] of imports) await Bun.write(join(folder, name), asModule(block));
    const path = join(folder, `line-${line}${suffix}`);
    await Bun.write(path, asModule(code));
    return path;
  }
}

function asModule(code: string): string {
  return `${code}export {};\n`;
}

/** Whether an example makes tests, which only `bun test` can run. */
function usesTests({ code }: Example): boolean {
  return /from "bun:test"|\btestCreator\(/.test(code);
}

function lies({ code }: Example, log: string): string {
  const lines = log.split("\n").filter(Boolean);
  const calls: Printed[] = lines.map((line) => JSON.parse(line));
  const wrong: string[] = [];
  for (const [line, comment] of expectedOutput(code)) {
    const printed = calls.filter((call) => call.line === line).map(({ text }) => text);
    if (saysTheTruth(comment, printed)) continue;
    const found = printed.length > 0 ? JSON.stringify(printed) : "nothing";
    wrong.push(`line ${line} says ${JSON.stringify(comment)} and prints ${found}`);
  }
  return wrong.join("\n");
}
