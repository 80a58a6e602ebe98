/** A call of Go's `LogURIGenerator`: made by vectors-go, committed in vectors.json. */
export interface Vector {
  scheme: string;
  path: string;
  /** Pairs, in no sorted order; null for none. */
  args: [string, string][] | null;
  uri?: string;
  error?: string;
}

const file = new URL("./vectors.json", import.meta.url);

export const vectorsText = await Bun.file(file).text();
export const vectors: Vector[] = JSON.parse(vectorsText);
