import { test } from "bun:test";
import { expectNoLeaks } from "../leaks/expect-no-leaks.ts";
import { snapshotResources } from "../leaks/snapshot-resources.ts";
import type { Backend, Capabilities } from "./backend.ts";
import { TestBed } from "./test-bed.ts";

type Capability = keyof Capabilities;

/** How long one test may take, in ms. */
const timeout = 60_000;

/** Registers the tests of one backend: each has a fixture of its own and ends with a leak check. */
export class Suite {
  readonly #skipped = new Map<Capability, number>();

  constructor(readonly backend: Backend) {}

  can(capability: Capability): boolean {
    return this.backend.capabilities[capability] ?? false;
  }

  /**
   * A test that needs some capabilities; where one is missing it is skipped.
   *
   * @param sentence what is expected of the backend
   */
  test(
    sentence: string,
    needs: readonly (Capability | undefined)[],
    run: (bed: TestBed) => Promise<unknown>,
  ): void {
    const missing = needs.find((capability) => capability && !this.can(capability));
    if (missing) this.#skipped.set(missing, (this.#skipped.get(missing) ?? 0) + 1);
    else test(sentence, () => this.run(run), timeout);
  }

  /** Says how many tests were skipped, and why: one line for each capability that is missing. */
  reportSkipped(): void {
    for (const [capability, count] of this.#skipped)
      test.skip(`${count} tests: this backend has no "${capability}"`, () => {});
  }

  /** Runs once on a fixture of its own. */
  async run(run: (bed: TestBed) => Promise<unknown>): Promise<void> {
    await using fixture = await this.backend.setUp();
    const before = snapshotResources({ folders: fixture.folders ?? [] });
    const bed = new TestBed(fixture);
    try {
      await run(bed);
    } catch (error) {
      await bed.cleanUp().catch(() => {}); // the first failure says more
      throw error;
    }
    await bed.cleanUp();
    await expectNoLeaks(before);
  }
}
