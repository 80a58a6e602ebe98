import { newFIFOSet, type IO } from "@taskio/core";
import { describe, expect } from "bun:test";
import { existsSync } from "node:fs";
import { noise } from "./data.ts";
import type { Suite } from "./suite.ts";
import { expectRefused, rejection, type TestBed } from "./test-bed.ts";
import { settledValue, until, within } from "./time.ts";

/** Attaching: who may, what a failure leaves, whose paths they are. `relay-tests.ts` has the bytes. */
export function attachTests(suite: Suite): void {
  describe("attach", () => {
    suite.test(
      "gets what was written while nobody was there",
      ["copies", "attach"],
      async (bed) => {
        const { io, peer } = await bed.start({ stdout: () => {} });
        await bed.detach(io);
        await peer.write("stdout", noise(1000));
        await expectGoesOn(bed, io, () => peer.exit(), 1000);
      },
    );

    suite.test(
      "leaves a stream alone that it has no sink for",
      ["copies", "attach"],
      async (bed) => {
        const { io, peer } = await bed.start({ stdout: () => {}, stderr: () => {} });
        await bed.detach(io);
        await peer.write("stdout", noise(1000));
        const other = await bed.attach(io.config, { stderr: () => {} });
        await Bun.sleep(20);
        const { stdout } = await bed.detach(other);
        expect(stdout).toBeUndefined();
        await expectGoesOn(bed, io, () => peer.exit(), 1000);
      },
    );

    suite.test("has the config of its set", ["copies", "attach"], async (bed) => {
      const { io } = await bed.start({ stdout: () => {} });
      await bed.detach(io);
      const attached = await bed.attach(io.config, { stdout: () => {} });
      expect({ ...attached.config }).toEqual({ ...io.config });
    });

    suite.test("does not change the set, nor its options", ["copies", "attach"], async (bed) => {
      const { io } = await bed.start({ stdout: () => {} });
      await bed.detach(io);
      const config = Object.freeze({ ...io.config });
      const fifos = Object.freeze({
        config,
        close: async () => {},
        [Symbol.asyncDispose]: async () => {},
      });
      const wiring = Object.freeze({ stdout: () => {} });
      const attached = bed.track(await bed.attacher(wiring)(fifos));
      await bed.detach(attached);
      expect({ ...config }).toEqual({ ...io.config });
    });

    suite.test("closes its set at close(), once", ["copies", "attach"], async (bed) => {
      const { io } = await bed.start({ stdout: () => {} });
      await bed.detach(io);
      let closed = 0;
      const close = async () => void closed++;
      const fifos = { config: io.config, close, [Symbol.asyncDispose]: close };
      const attached = bed.track(await bed.attacher({ stdout: () => {} })(fifos));
      await Promise.all([attached.close(), attached.close()]);
      await attached.close();
      expect(closed).toBe(1);
    });

    suite.test("does not close its set after detach()", ["copies", "attach"], async (bed) => {
      const { io } = await bed.start({ stdout: () => {} });
      await bed.detach(io);
      let closed = 0;
      const fifos = newFIFOSet(io.config, () => void closed++);
      const attached = bed.track(await bed.attacher({ stdout: () => {} })(fifos));
      await bed.detach(attached);
      await attached.close();
      expect(closed).toBe(0);
    });

    suite.test("goes on after cancel() too", ["copies", "attach"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {} });
      io.cancel();
      await within("wait()", io.wait());
      await peer.write("stdout", noise(1000));
      await expectGoesOn(bed, io, () => peer.exit(), 1000);
    });
  });

  describe("a second reader", () => {
    suite.test(
      "is refused, and the first is undisturbed",
      ["copies", "attach", "oneReader"],
      async (bed) => {
        let seen = 0;
        const { io, peer } = await bed.start({ stdout: (chunk) => void (seen += chunk.length) });
        await peer.write("stdout", noise(1000));
        await until("the first reads", () => seen === 1000);
        for (let attempt = 0; attempt < 3; attempt++)
          await expectRefused("IN_USE", () => bed.attach(io.config, { stdout: () => {} }));
        await peer.write("stdout", noise(1000));
        await peer.exit();
        expect((await within("wait()", io.wait())).stdout?.bytes).toBe(2000);
        expect(seen).toBe(2000);
        await io.close();
      },
    );

    suite.test(
      "is refused where only one stream is taken, and leaves the other",
      ["copies", "attach", "oneReader"],
      async (bed) => {
        const { io, peer } = await bed.start({ stdout: () => {}, stderr: () => {} });
        await bed.detach(io);
        const first = await bed.attach(io.config, { stderr: () => {} });
        await peer.write("stdout", noise(1000));
        const both = { stdout: () => {}, stderr: () => {} };
        await expectRefused("IN_USE", () => bed.attach(io.config, both));
        await bed.detach(first);
        await expectGoesOn(bed, io, () => peer.exit(), 1000);
      },
    );

    suite.test(
      "is welcome once the first has gone",
      ["copies", "attach", "oneReader"],
      async (bed) => {
        const { io, peer } = await bed.start({ stdout: () => {} });
        for (let round = 0; round < 5; round++) {
          await bed.detach(round === 0 ? io : await bed.attach(io.config, { stdout: () => {} }));
        }
        await peer.write("stdout", noise(10));
        await expectGoesOn(bed, io, () => peer.exit(), 10);
      },
    );
  });

  describe("a failed attach changes nothing", () => {
    const failures: Record<string, (bed: TestBed, io: IO) => Promise<unknown>> = {
      "by an aborted signal": async (bed, io) => {
        const reason = new Error("no longer wanted");
        const attach = bed.attacher({ stdout: () => {} });
        const signal = AbortSignal.abort(reason);
        const error = await rejection(() => attach(mustNotClose(io), { signal }));
        expect(error).toBe(reason);
      },
      "by a sink that is none": (bed, io) =>
        expectRefused("INVALID_ARGUMENT", async () => {
          const attach = bed.attacher({ stdout: () => {}, stderr: "text" as never });
          return attach(mustNotClose(io));
        }),
    };
    for (const [name, fail] of Object.entries(failures)) {
      suite.test(name, ["copies", "attach"], async (bed) => {
        const { io, peer } = await bed.start({ stdout: () => {}, stderr: () => {} });
        await bed.detach(io);
        await peer.write("stdout", noise(1000));
        await fail(bed, io);
        await expectGoesOn(bed, io, () => peer.exit(), 1000);
      });
    }

    suite.test("by a stream that does not exist", ["copies", "attach"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {}, stderr: () => {} });
      await bed.detach(io);
      await peer.write("stdout", noise(1000));
      const missing = { ...io.config, stdout: `${io.config.stdout}-missing` };
      const attach = bed.attacher({ stdout: () => {}, stderr: () => {} });
      await expectRefused("NOT_FOUND", () => attach(mustNotClose({ config: missing })));
      await expectGoesOn(bed, io, () => peer.exit(), 1000);
    });

    suite.test("by a URI instead of a path", ["copies", "attach", "paths"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {} });
      await bed.detach(io);
      await peer.write("stdout", noise(1000));
      const uris = [
        "file:///tmp/log",
        "binary:///bin/logger",
        "ttrpc+unix:///s?streaming_id=a-stdout",
      ];
      const attach = bed.attacher({ stdout: () => {} });
      for (const stdout of uris) {
        const config = { ...io.config, stdout };
        const error = await expectRefused("NOT_ATTACHABLE", () => attach(mustNotClose({ config })));
        expect(error.message).toContain(stdout.slice(0, stdout.indexOf(":")));
      }
      await expectGoesOn(bed, io, () => peer.exit(), 1000);
    });

    suite.test("by a path that is no FIFO", ["copies", "attach", "paths"], async (bed) => {
      const config = { terminal: false, stdin: "", stdout: import.meta.path, stderr: "/dev/null" };
      const attach = bed.attacher({ stdout: () => {} });
      await expectRefused("NOT_FIFO", () => attach(mustNotClose({ config })));
      expect(existsSync(import.meta.path)).toBe(true);
    });
  });
}

function mustNotClose({ config }: Pick<IO, "config">) {
  return newFIFOSet(config, () => {
    throw new Error("the set was closed");
  });
}

/** Attaches, lets the task exit, and expects exactly `length` bytes: nothing was taken before. */
async function expectGoesOn(
  bed: TestBed,
  { config }: IO,
  exit: () => void | Promise<void>,
  length: number,
): Promise<void> {
  let seen = 0;
  const attached = await bed.attach(config, { stdout: (chunk) => void (seen += chunk.length) });
  await until("what was written is read", () => seen >= length);
  await settledValue(() => seen);
  await exit();
  expect((await within("wait()", attached.wait())).stdout?.bytes).toBe(length);
  expect(seen).toBe(length);
  await attached.close();
}
