// Measures taskio beside Go's cio and log writers, and a C loop. Run it with `bun run bench`.
import { missingContainerd } from "@taskio/test-support";
import { Bench } from "./bench.ts";
import { interrupted } from "./interrupted.ts";
import { help, type Options, parseOptions } from "./options.ts";
import { chart } from "./report/chart.ts";
import { json } from "./report/json.ts";
import { Progress } from "./report/progress.ts";
import { table } from "./report/table.ts";
import type { Result } from "./result.ts";
import type { Row } from "./row.ts";
import { rows } from "./rows.ts";
import { runRow } from "./run-row.ts";

const progress = new Progress();
try {
  const options = parseOptions(process.argv.slice(2), rows);
  if (options.help) process.stdout.write(help);
  else await report(options, await measure(options));
} catch (error) {
  progress.clear();
  if (!interrupted.aborted) progress.note((error as Error).message);
  process.exitCode = interrupted.aborted ? interrupted.reason : 1;
}

async function measure({ quick, rows, wants }: Options): Promise<Result[]> {
  progress.step("building");
  await using bench = await Bench.start(quick, (text) => progress.note(text));
  const measurable = withoutContainerd(rows);
  const results: Result[] = [];
  progress.begin(measurable.length);
  for (const row of measurable) {
    progress.row(row.figures[0]!.name);
    const all = await runRow(row, bench, progress);
    const wanted = all.filter(({ figure }) => wants(figure.name));
    progress.end(wanted);
    results.push(...wanted);
  }
  return results;
}

/** Where there is no containerd its rows are left out, and it is said why. */
function withoutContainerd(rows: readonly Row[]): readonly Row[] {
  const missing = missingContainerd();
  if (!missing || rows.every(({ needsContainerd }) => !needsContainerd)) return rows;
  progress.note(`the rows on containerd are left out: ${missing}`);
  return rows.filter(({ needsContainerd }) => !needsContainerd);
}

async function report({ json: to, chart: picture }: Options, results: Result[]): Promise<void> {
  console.log(table(results));
  if (to) await Bun.write(to, json(results));
  if (picture) await Bun.write(picture, chart(results));
}
