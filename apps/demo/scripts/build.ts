// Makes one binary of the command, the embedded runtime included: dist/taskio.
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("..", import.meta.url));
const outfile = process.argv[2] ?? `${app}dist/taskio`;
const result = await Bun.build({
  entrypoints: [`${app}src/main.ts`],
  compile: { outfile },
  target: "bun",
  minify: { whitespace: true, syntax: true },
});
if (!result.success) throw new AggregateError(result.logs, "building taskio failed");
console.log(`taskio: ${outfile}`);
