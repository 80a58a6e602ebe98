import { expect } from "bun:test";
import { describe } from "bun:test";
import { expectNoLeaks } from "../leaks/expect-no-leaks.ts";
import { snapshotResources } from "../leaks/snapshot-resources.ts";
import type { Suite } from "./suite.ts";
import { expectRefused, rejection, type TestBed } from "./test-bed.ts";
import { within } from "./time.ts";

const invalidIDs = [
  "",
  ".",
  "..",
  "a/b",
  "../a",
  "-a",
  "a-",
  "a--b",
  "a b",
  "a\n",
  "ä",
  "a".repeat(77),
];

/** What every Creator keeps, whether or not it copies. */
export function lifeTests(suite: Suite): void {
  describe("ids and signals", () => {
    suite.test("an invalid id is refused before anything is made", [], async (bed) => {
      const before = snapshotResources({ folders: bed.fixture.folders ?? [] });
      const create = bed.creator({});
      for (const id of invalidIDs) await expectRefused("INVALID_ID", () => create(id));
      await expectRefused("INVALID_ID", () => create(undefined as unknown as string));
      await expectNoLeaks(before, { timeout: 0 });
    });

    suite.test(
      "an id of 76 characters with dots, dashes and underscores is fine",
      [],
      async (bed) => {
        bed.track(await bed.creator({})(`a.b-c_d${"e".repeat(69)}`));
      },
    );

    suite.test("a creator makes the streams of more than one task", [], async (bed) => {
      const create = bed.creator({});
      const [one, two] = await Promise.all([create("one"), create("two")]);
      bed.track(one);
      bed.track(two);
    });

    suite.test("an aborted signal rejects with its reason and leaves nothing", [], async (bed) => {
      const reason = new Error("no longer wanted");
      const create = bed.creator({});
      expect(await rejection(() => create("task-1", { signal: AbortSignal.abort(reason) }))).toBe(
        reason,
      );
    });

    suite.test("a signal that aborts meanwhile rejects or is too late", [], async (bed) => {
      const reason = new Error("no longer wanted");
      const controller = new AbortController();
      const creating = bed.creator({})("task-1", { signal: controller.signal });
      controller.abort(reason);
      await within(
        "the creator",
        creating.then(
          (io) => void bed.track(io),
          (error) => expect(error).toBe(reason),
        ),
      );
    });
  });

  describe("the end of an IO", () => {
    suite.test("wait() settles once it is cancelled, before and after", [], async (bed) => {
      const io = await bed.create({});
      const before = within("wait()", io.wait());
      io.cancel();
      io.cancel();
      expect(await before).toEqual(await within("wait()", io.wait()));
    });

    suite.test("an aborted wait() rejects with the signal's reason", [], async (bed) => {
      const io = await bed.create({});
      const reason = new Error("tired of waiting");
      expect(await rejection(() => io.wait({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    });

    for (const [sentence, end] of Object.entries(endings)) {
      suite.test(sentence, [], async (bed) => {
        const before = snapshotResources({ folders: bed.fixture.folders ?? [] });
        const io = await bed.create({});
        await within(sentence, end(io, bed));
        await within("wait()", io.wait());
        await within("stdinDone", io.stdinDone);
        await expectNoLeaks(before);
      });
    }
  });
}

type IO = Awaited<ReturnType<TestBed["create"]>>;

const endings: Record<string, (io: IO, bed: TestBed) => Promise<unknown>> = {
  "close() twice is fine": async (io) => {
    await io.close();
    await io.close();
  },
  "two close() at the same time are fine": (io) => Promise.all([io.close(), io.close()]),
  "close() after cancel() is fine": async (io) => {
    io.cancel();
    await io.close();
  },
  "cancel() after close() is fine": async (io) => {
    await io.close();
    io.cancel();
  },
  "detach() after close() is fine": async (io) => {
    await io.close();
    await io.detach();
  },
  "dispose is close()": async (io) => {
    await io[Symbol.asyncDispose]();
    await io.close();
  },
  "detach() twice is fine, and close() after it": async (io, bed) => {
    const first = await bed.detach(io);
    expect(await io.detach()).toEqual(first);
    await io.close();
    bed.removePaths(io.config);
  },
};
