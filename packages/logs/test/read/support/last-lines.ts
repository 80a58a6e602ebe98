interface Named {
  readonly stream: string;
  readonly tag: string;
  readonly text: string;
}

/** What the last lines of a log are, the slow way. */
export function lastLines(records: readonly Named[], count: number): string[] {
  const lines: Named[][] = [];
  const open = new Map<string, Named[]>();
  for (const record of records) {
    const line = open.get(record.stream) ?? [];
    line.push(record);
    open.set(record.stream, line);
    if (record.tag === "P") continue;
    lines.push(line);
    open.delete(record.stream);
  }
  lines.push(...open.values());
  const place = (line: readonly Named[]) => records.indexOf(line.at(-1)!);
  lines.sort((a, b) => place(a) - place(b));
  const wanted = new Set(count === 0 ? [] : lines.slice(-count).flat());
  return records.filter((record) => wanted.has(record)).map(({ text }) => text);
}
