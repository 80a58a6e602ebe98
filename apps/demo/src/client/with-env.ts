import { TaskIOError } from "@taskio/core";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Adds what `-e` gives to an environment: `K=V`, or `K` alone to pass on ours, where we have it.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function withEnv(
  base: readonly string[],
  given: readonly string[] = [],
  ours: Env = process.env,
): string[] {
  const env = new Map(base.map(split));
  for (const pair of given) {
    const [name, value] = split(pair);
    if (name === "") throw invalid(pair);
    const effective = pair.includes("=") ? value : ours[name];
    if (effective !== undefined) env.set(name, effective);
  }
  return [...env].map(([name, value]) => `${name}=${value}`);
}

function split(pair: string): [name: string, value: string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

function invalid(pair: string): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid environment variable ${JSON.stringify(pair)}: write NAME=VALUE, or NAME to pass it on`,
  );
}
