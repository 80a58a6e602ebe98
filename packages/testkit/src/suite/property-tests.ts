import { describe } from "bun:test";
import fc from "fast-check";
import { sinkKinds } from "../streams/sink-kinds.ts";
import { sourceKinds } from "../streams/source-kinds.ts";
import { noise, split } from "./data.ts";
import { deliverOutput } from "./sink-tests.ts";
import { deliverInput } from "./source-tests.ts";
import type { Suite } from "./suite.ts";

/** Any bytes in any split: small ones of every shape, and more than a pipe holds. */
const pieces = fc.oneof(
  fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }),
  fc
    .record({
      length: fc.nat(400_000),
      max: fc.integer({ min: 500, max: 200_000 }),
      seed: fc.nat(),
    })
    .map(({ length, max, seed }) => [...split(noise(length, seed), max, seed)]),
);

/** The kinds of sources and sinks against any bytes. */
export function propertyTests(suite: Suite): void {
  describe("any bytes in any split arrive equal", () => {
    const sinks = sinkKinds.filter(({ needs }) => !needs || suite.can(needs));
    suite.test("through any kind of sink", ["copies"], (bed) =>
      fc.assert(
        fc.asyncProperty(fc.constantFrom(...sinks), pieces, (kind, data) =>
          deliverOutput(bed, kind, data),
        ),
        { numRuns: 40 },
      ),
    );

    const sources = sourceKinds.filter(({ needs }) => !needs || suite.can(needs));
    suite.test("through any kind of source", ["copies", "stdin"], (bed) =>
      fc.assert(
        fc.asyncProperty(fc.constantFrom(...sources), pieces, (kind, data) =>
          deliverInput(bed, kind, data),
        ),
        { numRuns: 40 },
      ),
    );
  });
}
