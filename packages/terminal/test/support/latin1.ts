/** A string's characters as bytes, and back. */
export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
export const text = (...chunks: Uint8Array[]): string => Buffer.concat(chunks).toString("latin1");
