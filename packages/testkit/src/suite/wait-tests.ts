import { describe, expect } from "bun:test";
import { expectSameBytes, noise } from "./data.ts";
import type { Suite } from "./suite.ts";
import { rejection } from "./test-bed.ts";
import { expectPending, until, within } from "./time.ts";

/** `wait()`: what it waits for and what it does not. */
export function waitTests(suite: Suite): void {
  describe("wait()", () => {
    suite.test("does not wait for stdin", ["copies", "stdin"], async (bed) => {
      const { io, peer } = await bed.start({ stdin: endless(), stdout: () => {} });
      await peer.write("stdout", noise(10));
      await peer.exit();
      const result = await within("wait()", io.wait());
      expect([result.stdout?.end, result.stdout?.bytes]).toEqual(["eof", 10]);
      io.cancel();
      expect((await within("stdinDone", io.stdinDone))?.end).toBe("stopped");
    });

    suite.test("settles at once where no output is copied", ["copies", "stdin"], async (bed) => {
      const { io } = await bed.start({ stdin: endless() });
      await within("wait()", io.wait());
    });

    suite.test("waits for both outputs", ["copies"], async (bed) => {
      const stuck = Promise.withResolvers<void>();
      const { io, peer } = await bed.start({ stdout: () => {}, stderr: () => stuck.promise });
      await peer.write("stderr", noise(10));
      await peer.exit();
      await expectPending("wait()", io.wait());
      stuck.resolve();
      const result = await within("wait()", io.wait());
      expect([result.stdout?.end, result.stderr?.end]).toEqual(["eof", "eof"]);
    });

    suite.test("is pending while the task lives and may write", ["copies"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {} });
      await peer.write("stdout", noise(10));
      await expectPending("wait()", io.wait());
    });

    suite.test("aborted, it stops no copy", ["copies"], async (bed) => {
      const seen: Uint8Array[] = [];
      const { io, peer } = await bed.start({ stdout: (chunk) => void seen.push(chunk) });
      const controller = new AbortController();
      const reason = new Error("tired of waiting");
      const waiting = rejection(() => io.wait({ signal: controller.signal }));
      await peer.write("stdout", noise(1000, 1));
      controller.abort(reason);
      expect(await waiting).toBe(reason);
      await peer.write("stdout", noise(1000, 2));
      await peer.exit();
      expect((await within("wait()", io.wait())).stdout?.bytes).toBe(2000);
      expectSameBytes(
        "stdout",
        Buffer.concat(seen),
        Buffer.concat([noise(1000, 1), noise(1000, 2)]),
      );
    });

    suite.test("gives the same result any number of times", ["copies"], async (bed) => {
      const { io, peer } = await bed.start({ stdout: () => {} });
      const early = io.wait();
      await peer.write("stdout", noise(10));
      await peer.exit();
      const results = await within("wait()", Promise.all([early, io.wait(), io.wait()]));
      for (const result of results) expect(result).toEqual({ stdout: results[0]!.stdout! });
    });

    suite.test("settles when the sinks have taken everything", ["copies"], async (bed) => {
      let taken = 0;
      const { io, peer } = await bed.start({
        async stdout(chunk) {
          await Bun.sleep(5);
          taken += chunk.length;
        },
      });
      await peer.write("stdout", noise(100_000));
      await peer.exit();
      await within("wait()", io.wait());
      expect(taken).toBe(100_000);
    });

    suite.test(
      "the result holds stdin's part once it has ended",
      ["copies", "stdin"],
      async (bed) => {
        const { io, peer } = await bed.start({ stdin: noise(5), stdout: () => {} });
        await within("stdinDone", io.stdinDone);
        await peer.exit();
        expect((await within("wait()", io.wait())).stdin?.bytes).toBe(5);
      },
    );

    suite.test("is not needed: an IO may be closed while it copies", ["copies"], async (bed) => {
      let seen = 0;
      const { io, peer } = await bed.start({ stdout: (chunk) => void (seen += chunk.length) });
      await peer.write("stdout", noise(1000));
      await until("the copy has begun", () => seen === 1000);
      await within("close()", io.close());
      expect((await within("wait()", io.wait())).stdout?.end).toBe("stopped");
    });
  });
}

async function* endless(): AsyncGenerator<Uint8Array> {
  yield await new Promise<never>(() => {});
}
