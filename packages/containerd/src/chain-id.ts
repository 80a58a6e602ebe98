/**
 * The name that a snapshotter has for an image's layers on top of each other. Go: `identity.ChainID`.
 *
 * @param diffIDs the digests of the uncompressed layers, the lowest first; "" for none
 */
export function chainID(diffIDs: readonly string[]): string {
  return diffIDs.reduce((below, layer) => (below ? digest(`${below} ${layer}`) : layer), "");
}

function digest(text: string): string {
  return `sha256:${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`;
}
