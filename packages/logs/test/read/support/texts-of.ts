import { readLogs } from "../../../src/index.ts";

/** The text of each record, without its newline. */
export async function textsOf(...args: Parameters<typeof readLogs>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { data } of readLogs(...args)) texts.push(textOf(data));
  return texts;
}

export function textOf(data: Uint8Array): string {
  return new TextDecoder().decode(data).replace(/\n$/, "");
}

/** The texts from a number to a number. */
export function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}
