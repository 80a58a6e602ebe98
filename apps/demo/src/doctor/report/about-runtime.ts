import type { RuntimeFacts } from "../runtime-facts.ts";
import type { Line } from "./line.ts";

/** Which runtime answers, and whether it has what is needed. */
export function aboutRuntime(facts: RuntimeFacts): Line[] {
  const { kind, address, version, services, missing } = facts;
  const name = kind === "embedded" ? "the embedded runtime" : "containerd";
  const lines: Line[] = [
    ["✓", "runtime", `${name} ${version} answers at ${address}`],
    ["✓", "services", services.join(", ")],
  ];
  if (missing.length === 0) return lines;
  return [...lines, ["!", "missing", `${missing.join(", ")}: look for why in the runtime's log`]];
}
