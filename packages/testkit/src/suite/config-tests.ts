import type { Config } from "@taskio/core";
import { describe, expect } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Suite } from "./suite.ts";
import { within } from "./time.ts";

const sink = () => {};

/** The Config: what a shim accepts (containerd's `process/io.go`), and whose paths come and go. */
export function configTests(suite: Suite): void {
  describe("the config", () => {
    suite.test("is one that a shim accepts: both outputs or none", [], async (bed) => {
      const { config } = await bed.create({});
      if (config.terminal) expect([config.stdout === "", config.stderr]).toEqual([false, ""]);
      else expect(config.stdout === "").toBe(config.stderr === "");
      if (config.stdin !== "") expect(config.stdout).not.toBe(""); // a shim hangs on stdin alone
    });

    suite.test("is empty without any stream", ["copies"], async (bed) => {
      const { config } = await bed.create({});
      expect({ ...config }).toEqual({ terminal: false, stdin: "", stdout: "", stderr: "" });
    });

    suite.test("a missing output is /dev/null", ["copies"], async (bed) => {
      const { config } = await bed.create({ stdout: sink });
      expect([config.terminal, config.stdin, config.stderr]).toEqual([false, "", "/dev/null"]);
      expectWired(config, "stdout");
      const other = await bed.create({ stderr: sink });
      expect(other.config.stdout).toBe("/dev/null");
      expectWired(other.config, "stderr");
    });

    suite.test("both outputs are /dev/null for stdin alone", ["copies", "stdin"], async (bed) => {
      const { config } = await bed.create({ stdin: new Uint8Array(1) });
      expect([config.stdout, config.stderr]).toEqual(["/dev/null", "/dev/null"]);
      expectWired(config, "stdin");
    });

    suite.test("names another stream for each of two tasks", ["copies"], async (bed) => {
      const configs = [
        await bed.create({ stdout: sink, stderr: sink }),
        await bed.create({ stdout: sink, stderr: sink }),
      ].flatMap(({ config }) => [config.stdout, config.stderr]);
      expect(new Set(configs).size).toBe(4);
    });

    suite.test("a terminal's stderr is empty", ["copies", "terminal"], async (bed) => {
      const { config } = await bed.create({ stdout: sink, stderr: sink, terminal: true });
      expect([config.terminal, config.stdin, config.stderr]).toEqual([true, "", ""]);
      expectWired(config, "stdout");
    });

    suite.test("a terminal without stdout is refused", ["copies", "terminal"], async (bed) => {
      await bed.expectRefused("INVALID_CONFIG", { terminal: true });
      await bed.expectRefused("INVALID_CONFIG", { stderr: sink, terminal: true });
    });
  });

  describe("the paths", () => {
    suite.test("are FIFOs under absolute paths", ["copies", "paths"], async (bed) => {
      const { config } = await bed.create({ stdout: sink, stderr: sink });
      for (const path of [config.stdout, config.stderr]) {
        expect(isAbsolute(path)).toBe(true);
        expect(statSync(path).isFIFO()).toBe(true);
      }
    });

    suite.test(
      "are there after cancel() and gone after close()",
      ["copies", "paths"],
      async (bed) => {
        const io = await bed.create({ stdout: sink });
        io.cancel();
        await within("wait()", io.wait());
        expect(existsSync(io.config.stdout)).toBe(true);
        await io.close();
        expect(existsSync(io.config.stdout)).toBe(false);
      },
    );

    suite.test(
      "are there after detach() and close()",
      ["copies", "paths", "attach"],
      async (bed) => {
        const io = await bed.create({ stdout: sink, stderr: sink });
        await bed.detach(io);
        await io.close();
        await io[Symbol.asyncDispose]();
        expect(existsSync(io.config.stdout)).toBe(true);
        expect(existsSync(io.config.stderr)).toBe(true);
      },
    );
  });
}

function expectWired(config: Config, name: "stdin" | "stdout" | "stderr"): void {
  expect(["", "/dev/null"]).not.toContain(config[name]);
}
