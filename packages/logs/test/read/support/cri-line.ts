/** A record of a CRI log; `second` is that of its time, from 2026 on. */
export function criLine(text: string, { second = 0, stream = "stdout", tag = "F" } = {}): string {
  return `${new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()} ${stream} ${tag} ${text}\n`;
}

/** Records of stdout with numbers for text, one a second. */
export function numbered(from: number, to: number): string {
  let lines = "";
  for (let n = from; n <= to; n++) lines += criLine(String(n), { second: n });
  return lines;
}

/** The same without times and streams. */
export function rawNumbered(from: number, to: number): string {
  let lines = "";
  for (let n = from; n <= to; n++) lines += `${n}\n`;
  return lines;
}
