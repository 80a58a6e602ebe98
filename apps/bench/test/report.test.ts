import { describe, expect, test } from "bun:test";
import { chart } from "../src/report/chart.ts";
import { json } from "../src/report/json.ts";
import { table } from "../src/report/table.ts";
import type { Result } from "../src/result.ts";
import { malformed } from "./support/well-formed.ts";

const results: readonly Result[] = [
  {
    figure: { name: "quick", unit: "MB/s", better: "more" },
    rounds: 3,
    values: { ours: [3000, 1000, 2000], go: [500, 1000, 1500], limit: [4000, 4000, 4000] },
  },
  {
    figure: { name: 'a <b> & "c"', unit: "ms", better: "less" },
    rounds: 2,
    values: { ours: [1, 2], go: [4, 2], limit: [] },
  },
];

describe("the report", () => {
  test("the table has medians, spreads and ratios", () => {
    const [head, rule, quick, other] = table(results).split("\n");
    expect(head!.split("|").map((cell) => cell.trim())).toEqual([
      "",
      "row",
      "unit",
      "ours",
      "go",
      "limit",
      "ours/go",
      "ours/limit",
      "rounds",
      "",
    ]);
    expect(new Set([head, rule, quick, other].map((line) => Bun.stringWidth(line!))).size).toBe(1);
    expect(quick!.replace(/ +/g, " ")).toBe(
      "| quick | MB/s | 2000 ±50 % | 1000 ±50 % | 4000 ± 0 % | 2× | 0.500× | 3 |",
    );
    expect(other!.replace(/ +/g, " ")).toBe(
      '| a <b> & "c" | ms ↓ | 1.50 ±33 % | 3 ±33 % | - | 0.500× | - | 2 |',
    );
  });

  test("JSON has null for what was not measured", () => {
    const { rows } = JSON.parse(json(results));
    expect(rows[1]).toEqual({
      name: 'a <b> & "c"',
      unit: "ms",
      ours: 1.5,
      go: 3,
      limit: null,
      ratio_go: 0.5,
      ratio_limit: null,
      rounds: 2,
    });
  });

  test("the chart is XML, whatever the names and the sides that are there", () => {
    const alone = results.map((result) => ({
      ...result,
      values: { ...result.values, go: [], limit: [] },
    }));
    for (const some of [results, alone, []]) expect(malformed(chart(some))).toBeUndefined();
    expect(chart(results)).toContain("a &lt;b&gt; &amp; &quot;c&quot;");
  });
});
