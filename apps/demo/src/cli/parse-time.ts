import { invalid } from "./invalid.ts";

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const amount = /(\d+)(?:\.(\d{1,9}))?(ns|us|µs|ms|s|m|h)/g;
const duration = new RegExp(`^(?:${amount.source})+$`);
const date =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?(Z|[+-]\d\d:\d\d)?$/;
const second = 1_000_000_000n;

/**
 * A time as docker takes it: RFC 3339, of which the end may be left out and which is local without an
 * offset; seconds since 1970; or a duration such as `1h30m`, before now.
 *
 * @returns ns since 1970
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function parseTime(option: string, text: string, now = Date.now()): bigint {
  const time = parseDuration(text, now) ?? parseSeconds(text) ?? parseDate(text);
  if (time !== undefined) return time;
  throw invalid(
    `invalid ${option} "${text}": give a time such as 2026-01-02T15:04:05Z, seconds since 1970, ` +
      "or how long ago, such as 10m",
  );
}

function parseDuration(text: string, now: number): bigint | undefined {
  if (!duration.test(text)) return undefined;
  const parts = [...text.matchAll(amount)];
  const ago = parts.reduce(
    (sum, [, whole, fraction, unit]) => sum + inNs(whole!, fraction, units[unit!]!),
    0n,
  );
  return BigInt(now) * 1_000_000n - ago;
}

function parseSeconds(text: string): bigint | undefined {
  const [, whole, fraction] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : inNs(whole, fraction, second);
}

function parseDate(text: string): bigint | undefined {
  const [, day, hour = "00", minute = "00", seconds = "00", fraction, zone = ""] =
    date.exec(text) ?? [];
  const ms = day === undefined ? NaN : Date.parse(`${day}T${hour}:${minute}:${seconds}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + inNs("0", fraction, second);
}

function inNs(whole: string, fraction = "", unit: bigint): bigint {
  const part = (BigInt(fraction.padEnd(9, "0") || "0") * unit) / second;
  return BigInt(whole) * unit + part;
}
