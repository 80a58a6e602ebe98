import { describe } from "bun:test";
import { missingContainerd } from "../../src/index.ts";

/** A group of tests that is skipped, saying why, where no containerd can be started. */
export function describeWithDaemon(name: string, tests: () => void): void {
  const missing = missingContainerd();
  describe.skipIf(missing !== undefined)(missing ? `${name} (skipped: ${missing})` : name, tests);
}
