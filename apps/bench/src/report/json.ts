import { ratioTo, type Result, valueOf } from "../result.ts";

/** What `--json` writes. Null is what was not measured. */
export function json(results: readonly Result[]): string {
  const rows = results.map((result) => ({
    name: result.figure.name,
    unit: result.figure.unit,
    ours: valueOf(result, "ours"),
    go: valueOf(result, "go"),
    limit: valueOf(result, "limit"),
    ratio_go: ratioTo(result, "go"),
    ratio_limit: ratioTo(result, "limit"),
    rounds: result.rounds,
  }));
  return `${JSON.stringify({ rows }, undefined, 2)}\n`;
}
