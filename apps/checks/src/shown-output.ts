const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const pid = /\bpid \d+/g;

/**
 * Whether a command printed what a page shows: any time and pid will do. `…` stands for anything, and line
 * breaks do not matter; without it the lines may come in any order, as those of two streams do.
 */
export function printedAsShown(shown: string, printed: string): boolean {
  const [page, output] = [shown, printed].map((text) =>
    text.trim().replace(time, "TIME").replace(pid, "pid N"),
  ) as [string, string];
  if (!page.includes("…")) return sortedLines(page) === sortedLines(output);
  const parts = page.split("…").map((part) => RegExp.escape(onOneLine(part)));
  return new RegExp(`^${parts.join(".*")}$`).test(onOneLine(output));
}

function sortedLines(text: string): string {
  return text.split("\n").sort().join("\n");
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
