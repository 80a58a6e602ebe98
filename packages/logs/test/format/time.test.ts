import { expect, test } from "bun:test";
import fc from "fast-check";
import { formatLocal, formatUTC } from "../../src/format/format-time.ts";
import { parseTime } from "../../src/format/parse-time.ts";

const parse = (text: string) => parseTime(Buffer.from(text));
const first = Date.parse("0000-01-01T00:00:00Z");
const last = Date.parse("9999-12-31T23:59:59.999Z");

test("zeros at the fraction's end are left out, as Go does", () => {
  const time = Date.UTC(2026, 7, 1, 10, 0, 10);
  const fractions = [0, 1, 10, 120, 999].map((ms) => formatUTC(time + ms).slice(19));
  expect(fractions).toEqual(["Z", ".001Z", ".01Z", ".12Z", ".999Z"]);
});

test("every ms that is written is read, in UTC and in the local zone", () => {
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (time) => {
      expect(parse(formatUTC(time))).toBe(BigInt(time) * 1_000_000n);
    }),
  );
  for (const time of [0, 1_785_578_400_120, Date.UTC(2026, 0, 1), Date.UTC(2026, 9, 25, 1)]) {
    expect(parse(formatLocal(time))).toBe(BigInt(time) * 1_000_000n);
  }
});

const zones: [string, string][] = [
  ["UTC", "2026-08-01T10:00:00.12Z"],
  ["Asia/Kolkata", "2026-08-01T15:30:00.12+05:30"],
  ["America/St_Johns", "2026-08-01T07:30:00.12-02:30"],
  ["Pacific/Kiritimati", "2026-08-02T00:00:00.12+14:00"],
  ["Europe/London", "2026-08-01T11:00:00.12+01:00"],
];

test.each(zones)("the local zone %s is written with its offset", async (zone, expected) => {
  const program = `
    import { formatLocal } from ${JSON.stringify(import.meta.resolve("../../src/format/format-time.ts"))};
    console.log(formatLocal(1_785_578_400_120));`;
  const child = Bun.spawn([process.execPath, "-e", program], { env: { ...process.env, TZ: zone } });
  expect((await new Response(child.stdout).text()).trim()).toBe(expected);
});

test.each([
  ["2026-08-01T10:00:00Z", 1_785_578_400_000_000_000n],
  ["2026-08-01T10:00:00.000000001Z", 1_785_578_400_000_000_001n],
  ["2026-08-01T10:00:00.9999999999Z", 1_785_578_400_999_999_999n],
  ["2026-08-01T10:00:00.5+00:00", 1_785_578_400_500_000_000n],
  ["2026-08-01T10:00:00-00:00", 1_785_578_400_000_000_000n],
  ["2026-08-01T15:45:00+05:45", 1_785_578_400_000_000_000n],
  ["2026-07-31T22:30:00.25-11:30", 1_785_578_400_250_000_000n],
  ["1970-01-01T00:00:00Z", 0n],
  ["1969-12-31T23:59:59.999999999Z", -1n],
  ["2024-02-29T00:00:00Z", 1_709_164_800_000_000_000n],
  ["0001-01-01T00:00:00Z", -62_135_596_800_000_000_000n],
  ["9999-12-31T23:59:59.999999999Z", 253_402_300_799_999_999_999n],
])("%s is read to the ns", (text, ns) => expect(parse(text)).toBe(ns));

test.each([
  "",
  "2026-08-01",
  "2026-08-01T10:00:00",
  "2026-08-01T10:00:00.Z",
  "2026-08-01T10:00:00.5",
  "2026-08-01 10:00:00Z",
  "2026-08-01t10:00:00z",
  "2026-8-01T10:00:00.0Z",
  "2026-13-01T10:00:00Z",
  "2026-00-01T10:00:00Z",
  "2026-02-29T10:00:00Z",
  "2026-08-00T10:00:00Z",
  "2026-08-01T24:00:00Z",
  "2026-08-01T10:60:00Z",
  "2026-08-01T10:00:60Z",
  "2026-08-01T10:00:00+24:00",
  "2026-08-01T10:00:00+01:60",
  "2026-08-01T10:00:00+0100",
  "2026-08-01T10:00:00+01",
  "2026-08-01T10:00:00Zx",
  "2026-08-01T10:00:00+01:00x",
  "+026-08-01T10:00:00Z",
  "2026-08-01T10:00:00.5xZ",
])("%j is no time", (text) => expect(parse(text)).toBeUndefined());

test("no bytes make it throw", () => {
  const near = fc
    .array(fc.constantFrom("2026", "-", "08", "01", "T", ":", "10", ".", "5", "Z", "+", "é"))
    .map((parts) => Buffer.from(parts.join("")));
  fc.assert(fc.property(fc.oneof(fc.uint8Array(), near), (text) => void parseTime(text)));
});
