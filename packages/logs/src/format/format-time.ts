/** Formats ms since 1970 as Go's `time.RFC3339Nano` does, in UTC: without the fraction's last zeros. */
export function formatUTC(time: number): string {
  return `${withoutZone(time)}Z`;
}

/** As {@link formatUTC}, in the local zone. */
export function formatLocal(time: number): string {
  const offset = -new Date(time).getTimezoneOffset();
  if (offset === 0) return formatUTC(time);
  const minutes = Math.abs(offset);
  const zone = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
  return `${withoutZone(time + offset * 60_000)}${offset < 0 ? "-" : "+"}${zone}`;
}

function withoutZone(time: number): string {
  return new Date(time).toISOString().replace(/\.?0*Z$/, "");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
