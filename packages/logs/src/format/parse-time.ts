/** The Gregorian calendar repeats itself after so long: 400 years. */
const cycle = 146_097 * 86_400_000;

/**
 * Reads a time of RFC 3339, with any offset from UTC, as Go's `time.Parse` does: to the ns, and digits
 * beyond them are dropped.
 *
 * @returns ns since 1970 (UTC); undefined for what is no such time
 */
export function parseTime(text: Uint8Array): bigint | undefined {
  if (!separated(text)) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hours = digits(text, 11, 13);
  const minutes = digits(text, 14, 16);
  const seconds = digits(text, 17, 19);
  // a later year, as Date.UTC takes 0 to 99 for 1900 to 1999
  const midnight = Date.UTC(year + 400, month - 1, day) - cycle;
  const valid = new Date(midnight).getUTCDate() === day && month >= 1 && month <= 12;
  // NaN, of what is no digit, fails these too
  if (!(valid && hours < 24 && minutes < 60 && seconds < 60)) return undefined;

  const zoneAt = endOfFraction(text);
  if (zoneAt === 20) return undefined; // a point and no digit
  const offset = parseOffset(text, zoneAt);
  if (offset === undefined) return undefined;
  const ms = midnight + (hours * 3600 + (minutes - offset) * 60 + seconds) * 1000;
  return BigInt(ms) * 1_000_000n + BigInt(nanoseconds(text, zoneAt));
}

/** Whether the characters between the numbers of `2006-01-02T15:04:05` are there, and a zone. */
function separated(text: Uint8Array): boolean {
  return (
    text.length >= 20 &&
    text[4] === 0x2d &&
    text[7] === 0x2d &&
    text[10] === 0x54 &&
    text[13] === 0x3a &&
    text[16] === 0x3a
  );
}

/** Where the fraction of a second after `2006-01-02T15:04:05` ends. */
function endOfFraction(text: Uint8Array): number {
  let end = 19;
  if (text[end] !== 0x2e) return end;
  do end++;
  while (isDigit(text[end]));
  return end;
}

function nanoseconds(text: Uint8Array, end: number): number {
  let value = 0;
  for (let i = 20; i < 29; i++) value = value * 10 + (i < end ? text[i]! - 0x30 : 0);
  return value;
}

/** Minutes east of UTC: what `Z` or `+01:00` at the text's end says. */
function parseOffset(text: Uint8Array, at: number): number | undefined {
  const sign = text[at];
  if (sign === 0x5a) return text.length === at + 1 ? 0 : undefined;
  if ((sign !== 0x2b && sign !== 0x2d) || text.length !== at + 6 || text[at + 3] !== 0x3a) {
    return undefined;
  }
  const hours = digits(text, at + 1, at + 3);
  const minutes = digits(text, at + 4, at + 6);
  if (!(hours < 24 && minutes < 60)) return undefined;
  return (sign === 0x2b ? 1 : -1) * (hours * 60 + minutes);
}

/** The number that they are; NaN where one is no digit. */
function digits(text: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = isDigit(text[i]) ? value * 10 + text[i]! - 0x30 : NaN;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
