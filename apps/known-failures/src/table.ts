import type { Outcome, Row } from "./row.ts";
import type { RowResult } from "./run-row.ts";

/** The heads of the columns. */
export const columns = (ctr: string) =>
  ["#", "reported", "what goes wrong", "taskio", ctr] as const;

/** The cells of a row. */
export function cells(result: RowResult): string[] {
  return [...named(result), shown(result.taskio), result.ctr ? shown(result.ctr) : ""];
}

/** Rows in the form of Markdown, its columns aligned. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, at) =>
    Math.max(3, ...escaped.map((row) => Bun.stringWidth(row[at]!))),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell + " ".repeat(widths[at]! - Bun.stringWidth(cell))).join(" | ")} |`;
  const [first, ...rest] = escaped.map(line);
  return [first, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rest].join("\n");
}

function named({ number, issues, failure }: Pick<Row, "number" | "issues" | "failure">): string[] {
  return [String(number), issues.join(", "), failure];
}

function shown({ immune, seen }: Outcome): string {
  return `${immune ? "✓" : "✗"} ${seen}`;
}
