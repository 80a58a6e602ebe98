import { beforeAll, describe } from "bun:test";
import { attachTests } from "./suite/attach-tests.ts";
import type { Backend } from "./suite/backend.ts";
import { cancelTests } from "./suite/cancel-tests.ts";
import { configTests } from "./suite/config-tests.ts";
import { failureTests } from "./suite/failure-tests.ts";
import { heldTests } from "./suite/held-tests.ts";
import { lifeTests } from "./suite/life-tests.ts";
import { ownershipTests } from "./suite/ownership-tests.ts";
import { propertyTests } from "./suite/property-tests.ts";
import { refusalTests } from "./suite/refusal-tests.ts";
import { relayStdinTests } from "./suite/relay-stdin-tests.ts";
import { relayTests } from "./suite/relay-tests.ts";
import { sinkTests } from "./suite/sink-tests.ts";
import { sourceTests } from "./suite/source-tests.ts";
import { Suite } from "./suite/suite.ts";
import { waitTests } from "./suite/wait-tests.ts";
import { warmUp } from "./suite/warm-up.ts";

const groups = [
  lifeTests,
  configTests,
  refusalTests,
  sinkTests,
  sourceTests,
  waitTests,
  cancelTests,
  failureTests,
  ownershipTests,
  attachTests,
  relayTests,
  relayStdinTests,
  heldTests,
  propertyTests,
];

/**
 * Registers, for `bun test`, the suite that every Creator passes: what the contract promises, one
 * test for each promise. Each test has a fixture of its own and ends with a leak check (fds, threads,
 * folders), so Linux is needed. What the backend's capabilities lack is tested to be refused, or
 * skipped with the reason.
 *
 * @example
 * ```ts
 * import { newMemoryIO } from "@taskio/core";
 * import { memoryPeer, testCreator } from "@taskio/testkit";
 *
 * testCreator({
 *   name: "memory",
 *   capabilities: {
 *     copies: true,
 *     stdin: true,
 *     webStreams: true,
 *     attach: true,
 *     oneReader: true,
 *     terminal: true,
 *   },
 *   async setUp() {
 *     const memory = newMemoryIO();
 *     return {
 *       newCreator: memory.newCreator,
 *       newAttach: memory.newAttach,
 *       peer: (_, id) => memoryPeer(memory.task(id)),
 *       async [Symbol.asyncDispose]() {},
 *     };
 *   },
 * });
 * ```
 */
export function testCreator(backend: Backend): void {
  const suite = new Suite(backend);
  describe(backend.name, () => {
    beforeAll(() => warmUp(suite), 60_000);
    for (const group of groups) group(suite);
    describe("skipped", () => suite.reportSkipped()); // by now the groups have counted
  });
}
