/** Rows with their columns aligned, colours not counted. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  const lines = rows.map((row) => row.map((cell, at) => pad(cell, widths[at]!)).join("   "));
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function pad(cell: string, size: number): string {
  return cell + " ".repeat(size - width(cell));
}

function width(cell: string): number {
  return Bun.stringWidth(cell);
}
