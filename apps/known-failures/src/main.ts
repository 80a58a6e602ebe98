// Goes through the known failures with taskio and with ctr. Run it with `bun run known-failures`.
import { missingContainerd } from "@taskio/test-support";
import { parseArgs } from "node:util";
import { Progress } from "./progress.ts";
import { rows } from "./rows.ts";
import { runRow } from "./run-row.ts";
import { cells, columns, markdown } from "./table.ts";
import { World } from "./world.ts";

const help = `Usage: bun run known-failures [--full] [--only NUMBER]… [--json]

Goes through the failures that users of containerd's clients report, with taskio and, where it can be
driven through the same, with ctr, on a containerd of its own. Needs root, containerd, runc and busybox.

  --full         as often as in the reports; else counts are cut
  --only NUMBER  this row only
  --json         an array of rows, on stdout
`;

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit();
}
const missing = missingContainerd();
if (missing) {
  console.error(`known-failures: ${missing}`);
  process.exit(1);
}
const wanted = rows.filter(({ number }) => values.only?.includes(String(number)) ?? true);

await using world = await World.start({ full: values.full });
const progress = new Progress(wanted.length);
const results = [];
for (const row of wanted) {
  progress.begin(row);
  const result = await runRow(row, world);
  progress.end(result);
  results.push(result);
}
progress.clear();
if (values.json) {
  console.log(JSON.stringify(results, undefined, 2));
} else {
  console.log(markdown(columns(`ctr ${world.daemon.version}`), results.map(cells)));
}
if (results.some(({ taskio }) => !taskio.immune)) process.exitCode = 1;
