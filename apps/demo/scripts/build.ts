// Makes one binary of the command, the embedded runtime included: dist/taskio.
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("..", import.meta.url));
const outfile = process.argv[2] ?? `${app}dist/taskio`;
const result = await Bun.build({
  entrypoints: [`${app}src/main.ts`],
  // What lies in the folder that a command is called in is no part of it.
  compile: { outfile, autoloadBunfig: false, autoloadDotenv: false },
  target: "bun",
  // A command starts quickly: nothing is parsed when it runs, and only what it imports is loaded.
  format: "esm",
  bytecode: true,
  splitting: true,
  minify: { whitespace: true, syntax: true },
});
if (!result.success) throw new AggregateError(result.logs, "building taskio failed");
console.log(`taskio: ${outfile}`);
