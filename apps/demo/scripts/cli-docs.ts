import { passedOn } from "../src/client/base-env.ts";
import { program } from "../src/cli/program.ts";

/** The reference of the command line, in Markdown: an introduction, and the help of each command. */
export async function cliDocs(): Promise<string> {
  const intro = await Bun.file(new URL("cli-intro.md", import.meta.url)).text();
  const root = program(() => {});
  const sections = [root, ...root.commands].map((command) => {
    const name = command === root ? "taskio" : `taskio ${command.name()}`;
    return `## ${name}\n\n\`\`\`text\n${command.helpInformation()}\`\`\`\n`;
  });
  return [intro.replace("{passedOn}", inWords(passedOn)), ...sections].join("\n");
}

function inWords(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
