import { characterSize } from "./utf8.ts";

const backslash = 0x5c;
const hexDigits = Buffer.from("0123456789abcdef");

/** The letter that an escape of two characters has; 0 where the escape is of six. */
const letters = new Uint8Array(0x80);
letters[0x22] = 0x22;
letters[backslash] = backslash;
letters[0x0a] = 0x6e;
letters[0x0d] = 0x72;

/** What a byte may need: 1 where it may need an escape. {@link firstSpecial} and {@link escapeJSON} take one. */
export type Specials = Uint8Array;

/** For bytes that are valid UTF-8: of those beyond ASCII only the start of U+2028 and U+2029 is looked at. */
export const specialsOfText: Specials = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(isSpecialASCII(byte) || byte === 0xe2),
);

/** For bytes of any kind: every character beyond ASCII is looked at. */
export const specialsOfBytes: Specials = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(isSpecialASCII(byte) || byte >= 0x80),
);

/** Not the newline: it ends what is escaped. */
function isSpecialASCII(byte: number): boolean {
  return (byte < 0x20 && byte !== 0x0a) || '"\\<>&'.includes(String.fromCharCode(byte));
}

/** Where the next special byte is, or up to three bytes before it; the bytes' length where there is none. */
export function nextSpecial(bytes: Uint8Array, from: number, specials: Specials): number {
  const { length } = bytes;
  let at = from;
  for (; at + 3 < length; at += 4) {
    const some =
      specials[bytes[at]!]! |
      specials[bytes[at + 1]!]! |
      specials[bytes[at + 2]!]! |
      specials[bytes[at + 3]!]!;
    if (some !== 0) return at;
  }
  while (at < length && specials[bytes[at]!] === 0) at++;
  return at;
}

/** The most bytes that a byte becomes. */
export const maxEscape = 6;

/**
 * Writes bytes that hold no newline as the inside of a JSON string, byte for byte as docker does: control
 * characters but CR as `\u0009` (`encoding/json` has `\t`), and `\ufffd` for each byte that
 * is no UTF-8.
 *
 * @param to has room for {@link maxEscape} times as many bytes from `at` on
 * @returns where they end
 */
export function escapeJSON(
  bytes: Uint8Array,
  start: number,
  end: number,
  specials: Specials,
  to: Uint8Array,
  at: number,
): number {
  for (let i = start; i < end;) {
    const byte = bytes[i]!;
    if (specials[byte] === 0) {
      to[at++] = byte;
      i++;
    } else if (byte < 0x80) {
      at = writeEscape(byte, to, at);
      i++;
    } else {
      const size = characterSize(bytes, i, end);
      at = writeCharacter(bytes, i, size, to, at);
      i += Math.max(size, 1);
    }
  }
  return at;
}

function writeCharacter(
  bytes: Uint8Array,
  from: number,
  size: number,
  to: Uint8Array,
  at: number,
): number {
  if (size < 1) return writeEscape(0xfffd, to, at);
  const last = bytes[from + 2];
  const separator = bytes[from] === 0xe2 && bytes[from + 1] === 0x80 && (last! & 0xfe) === 0xa8;
  if (separator) return writeEscape(last === 0xa8 ? 0x2028 : 0x2029, to, at);
  for (let i = from; i < from + size; i++) to[at++] = bytes[i]!;
  return at;
}

function writeEscape(character: number, to: Uint8Array, at: number): number {
  to[at++] = backslash;
  const letter = letters[character];
  if (letter) {
    to[at++] = letter;
    return at;
  }
  to[at++] = 0x75;
  for (let shift = 12; shift >= 0; shift -= 4) to[at++] = hexDigits[(character >> shift) & 0xf]!;
  return at;
}
