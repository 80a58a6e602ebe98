/** What a line says of what it is about: fine, to do something about, to know; or it goes on. */
export type Mark = "✓" | "!" | "-" | " ";

/** One line of what `taskio doctor` prints. */
export type Line = readonly [mark: Mark, what: string, text: string];

/** How many of a kind are listed: there may be 100,000 folders. */
const listed = 10;

/** A line for all items, and one for each of the first. */
export function list(mark: Mark, what: string, title: string, items: readonly string[]): Line[] {
  if (items.length === 0) return [];
  const more = items.length - listed;
  const shown = [...items.slice(0, listed), ...(more > 0 ? [`and ${more} more`] : [])];
  return [[mark, what, title], ...shown.map((item): Line => [" ", "", item])];
}

/** Some of them in a row. */
export function inRow(items: readonly string[]): string {
  const more = items.length - listed;
  return `${items.slice(0, listed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Such as `1 task` and `2 tasks`. */
export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
