import type { Figure } from "../figure.ts";

/** With three digits that count; whole numbers as they are. */
export function shown(value: number | null): string {
  if (value === null) return "-";
  if (Number.isInteger(value)) return String(value);
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(digits, 0), 4));
}

export function valueWithUnit(value: number | null, { unit }: Figure): string {
  return `${shown(value)} ${unit}`;
}

/** Such as `2.81×`. */
export function ratio(value: number | null): string {
  return value === null ? "-" : `${shown(value)}×`;
}
