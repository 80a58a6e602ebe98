/** The bytes 0, 1, 2 … of a stream: where one is missing, doubled or moved, a comparison fails. */
export function counted(length: number, from = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index + from) % 251);
}

/** The bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of chunks. */
export function text(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString();
}
