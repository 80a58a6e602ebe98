const units = [
  [7 * 24 * 3600, "week"],
  [24 * 3600, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** How long ago something was, roughly, as docker says it. */
export function ago(when: string | Date, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - new Date(when).getTime()) / 1000));
  if (seconds < 1) return "less than a second";
  const [size, name] = units.find(([size]) => seconds >= size)!;
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
