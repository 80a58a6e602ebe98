import type { Bench } from "./bench.ts";
import { interrupted } from "./interrupted.ts";
import { type PeerName, peerNames } from "./peers/peer.ts";
import type { Progress } from "./report/progress.ts";
import type { Result } from "./result.ts";
import type { Measure, Row } from "./row.ts";

const rounds = 5;

/** After which no further round of a row begins when it has to be quick, in ms. */
const quickLimit = 1500;

/** Measures all sides of a row in turns, so that what disturbs the machine disturbs all of them. */
export async function runRow(row: Row, bench: Bench, progress: Progress): Promise<Result[]> {
  const sides = Object.entries(await row.sides(bench)) as [PeerName, Measure][];
  const taken: Record<PeerName, (readonly number[])[]> = { ours: [], go: [], limit: [] };
  const failed = new Set<PeerName>();
  const limit = performance.now() + (bench.quick ? quickLimit : Infinity);
  let round = 0;
  for (; round < rounds && (round === 0 || performance.now() < limit); round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const [name, measure] = sides[(round + turn) % sides.length]!; // nobody is always the first
      if (failed.has(name)) continue;
      progress.round(round + 1, rounds, name);
      try {
        taken[name].push(await measure());
      } catch (error) {
        interrupted.throwIfAborted();
        failed.add(name);
        progress.note(`${name} failed, and has no figures here: ${(error as Error).message}`);
      }
    }
  }
  return row.figures.map((figure, at) => {
    const values = peerNames.map((name) => [
      name,
      failed.has(name) ? [] : taken[name].map((numbers) => numbers[at]!),
    ]);
    return { figure, rounds: round, values: Object.fromEntries(values) as Result["values"] };
  });
}
