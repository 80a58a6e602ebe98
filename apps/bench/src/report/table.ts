import { ratioTo, type Result, valueOf } from "../result.ts";
import { spread } from "../statistics.ts";
import { ratio, shown } from "./numbers.ts";

const head = ["row", "unit", "ours", "go", "limit", "ours/go", "ours/limit", "rounds"];

const legend = `Medians, and half of the distance from the smallest to the largest. In rows marked ↓ less is better,
and so is a ratio below 1; in the others more is better, and a ratio above 1.`;

/** The results as Markdown, aligned. */
export function table(results: readonly Result[]): string {
  const lines = [head, ...results.map(cells)];
  const widths = head.map((_, at) => Math.max(...lines.map((line) => Bun.stringWidth(line[at]!))));
  const [first, ...rest] = lines.map((line) => aligned(line, widths));
  const rule = `| ${widths.map((width, at) => "-".repeat(width - 1) + (at < 2 ? "-" : ":")).join(" | ")} |`;
  return [first, rule, ...rest, "", legend].join("\n");
}

function cells(result: Result): string[] {
  const { name, unit, better } = result.figure;
  return [
    name,
    better === "less" ? `${unit} ↓` : unit,
    ...(["ours", "go", "limit"] as const).map((side) => {
      const value = valueOf(result, side);
      return value === null ? "-" : `${shown(value)} ±${percent(spread(result.values[side]))}`;
    }),
    ratio(ratioTo(result, "go")),
    ratio(ratioTo(result, "limit")),
    String(result.rounds),
  ];
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`.padStart(4);
}

function aligned(line: readonly string[], widths: readonly number[]): string {
  const padded = line.map((cell, at) => {
    const space = " ".repeat(widths[at]! - Bun.stringWidth(cell));
    return at < 2 ? cell + space : space + cell;
  });
  return `| ${padded.join(" | ")} |`;
}
