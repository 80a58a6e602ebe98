import { until } from "@taskio/test-support";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestRuntime } from "./test-runtime.ts";
import { untilFile } from "./until-file.ts";

/** A script, and what lets it go on. */
export interface Stepwise {
  readonly script: string;
  /** Lets it take a step; the first is taken at once. */
  open(step: number): Promise<unknown>;
  /** Waits until a step is taken, as far as the task knows. */
  taken(step: number): Promise<void>;
}

/** A script that takes each step when it is let. */
export function stepwise(taskio: TestRuntime, ...steps: readonly string[]): Stepwise {
  const file = join(taskio.dir, `step-${crypto.randomUUID().slice(0, 8)}`);
  const gate = (at: number) => `${file}-${at}`;
  const taken = (at: number) => `${gate(at)}-taken`;
  const parts = steps.map((step, at) => {
    const wait = at === 0 ? "" : `${untilFile(gate(at))}; `;
    return `${wait}${step}; : > ${taken(at)}`;
  });
  return {
    script: parts.join("; "),
    open: (at) => Bun.write(gate(at), ""),
    taken: (at) => until(() => existsSync(taken(at)), `step ${at} is taken`),
  };
}
