/**
 * The size of the UTF-8 character at `at`, as Go's `utf8.DecodeRune` finds it: 0 where there is none,
 * -1 where it may be one, but `end` comes first.
 */
export function characterSize(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const size = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let i = 1; i < size; i++) {
    if (at + i === end) return -1;
    const byte = bytes[at + i]!;
    if (byte < 0x80 || byte > 0xbf) return 0;
    if (i === 1 && !canFollow(first, byte)) return 0;
  }
  return size;
}

/** RFC 3629, section 4: no longer form than needed, no surrogates, nothing beyond U+10FFFF. */
function canFollow(first: number, second: number): boolean {
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second <= 0x9f;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second <= 0x8f;
}

/** The start of the character that `end` cuts in two; `end` itself where it cuts none. */
export function beforeCutCharacter(bytes: Uint8Array, end: number): number {
  for (let at = end - 1; at >= 0 && at >= end - 3; at--) {
    if ((bytes[at]! & 0xc0) === 0x80) continue;
    return characterSize(bytes, at, end) === -1 ? at : end;
  }
  return end;
}
