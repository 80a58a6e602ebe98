import { CountedOutput } from "@taskio/testkit";
import { closeSync, openSync } from "node:fs";
import type { Program } from "./program.ts";
import type { World } from "./world.ts";

/** What {@link SlowOutput} takes in all. */
export const size = 1 << 20;
/** Writes exactly that. */
export const writesAll = ["sh", "-c", `seq 1 200000 | head -c ${size}`];

/** A consumer that takes 1 MB/s, and sees to it that every byte is the right one. */
export class SlowOutput {
  readonly #output = new CountedOutput();

  readonly sink = async (chunk: Uint8Array): Promise<void> => {
    this.#output.push(chunk);
    await Bun.sleep(chunk.length / 1000);
  };

  /** How many were right so far. */
  get bytes(): number {
    return this.#output.bytes;
  }
}

/**
 * Runs a program whose stdout has such a consumer.
 *
 * @returns how many bytes were right
 */
export async function runSlowly(
  world: World,
  program: Program,
  args: readonly string[],
): Promise<number> {
  const out = new SlowOutput();
  await using io = await world.creator([undefined, out.sink])("kf-slow");
  const stdout = openSync(io.config.stdout, "w");
  const { command, env } = program;
  const options = { stdin: "ignore", stdout, stderr: "ignore", env: { ...env } } as const;
  const child = Bun.spawn([...command, ...args], options);
  closeSync(stdout);
  const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await child.exited;
  clearTimeout(timer);
  await io.wait();
  return out.bytes;
}

/** How many came, in words. */
export function wholeOnes(all: readonly number[], what: string): string {
  const whole = all.filter((bytes) => bytes === size).length;
  if (whole === all.length) return `all ${whole} ${what}`;
  return `${whole} of ${all.length} ${what}, the least ${Math.min(...all)} bytes`;
}
