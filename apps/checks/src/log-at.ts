// Preloaded into an example's process: keeps what each of its commented console.log calls printed.
import { appendFileSync } from "node:fs";

/** One call. */
export interface Printed {
  readonly line: number;
  readonly text: string;
}

const path = process.env.EXAMPLE_LOG!;

function logAt(line: number): (...values: unknown[]) => void {
  return (...values) => {
    const texts = values.map((value) => (typeof value === "string" ? value : Bun.inspect(value)));
    const printed: Printed = { line, text: texts.join(" ") };
    appendFileSync(path, `${JSON.stringify(printed)}\n`);
  };
}

Object.assign(globalThis, { logAt });
