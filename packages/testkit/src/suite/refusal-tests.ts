import { describe } from "bun:test";
import { closeSync, openSync } from "node:fs";
import type { Suite } from "./suite.ts";

/** Streams that can't be used, and those that the backend says it lacks. */
export function refusalTests(suite: Suite): void {
  describe("bad streams are refused before anything is made", () => {
    suite.test("a sink that is none", ["copies"], async (bed) => {
      for (const sink of ["stdout", {}, null, -1, 1.5, []])
        await bed.expectRefused("INVALID_ARGUMENT", { stdout: sink as never });
    });

    suite.test("a source that is none", ["copies", "stdin"], async (bed) => {
      for (const source of ["stdin", {}, null, -1, [1]])
        await bed.expectRefused("INVALID_ARGUMENT", { stdin: source as never });
    });

    suite.test("a locked WritableStream", ["copies", "webStreams"], async (bed) => {
      const stream = new WritableStream<Uint8Array>();
      stream.getWriter();
      await bed.expectRefused("INVALID_ARGUMENT", { stdout: stream });
    });

    suite.test("a locked ReadableStream", ["copies", "stdin", "webStreams"], async (bed) => {
      const stream = new ReadableStream<Uint8Array>();
      stream.getReader();
      await bed.expectRefused("INVALID_ARGUMENT", { stdin: stream });
    });

    suite.test("a closed fd", ["copies", "fds"], async (bed) => {
      await bed.expectRefused("INVALID_ARGUMENT", { stdout: 987_654 });
      if (suite.can("stdin")) await bed.expectRefused("INVALID_ARGUMENT", { stdin: 987_654 });
    });

    suite.test("an fd of the wrong way", ["copies", "fds"], async (bed) => {
      await withFD("r", (fd) => bed.expectRefused("INVALID_ARGUMENT", { stdout: fd }));
      if (suite.can("stdin"))
        await withFD("w", (fd) => bed.expectRefused("INVALID_ARGUMENT", { stdin: fd }));
    });
  });

  if (!suite.can("copies")) return;
  describe("what the backend lacks is refused", () => {
    if (!suite.can("fds")) {
      suite.test("an fd as sink", [], (bed) =>
        withFD("w", (fd) => bed.expectRefused("UNSUPPORTED", { stdout: fd })),
      );
    }
    if (!suite.can("fds") && suite.can("stdin")) {
      suite.test("an fd as source", [], (bed) =>
        withFD("r", (fd) => bed.expectRefused("UNSUPPORTED", { stdin: fd })),
      );
    }
    if (!suite.can("webStreams")) {
      suite.test("a web stream as sink", [], async (bed) => {
        await bed.expectRefused("UNSUPPORTED", { stdout: new WritableStream() });
      });
    }
    if (!suite.can("webStreams") && suite.can("stdin")) {
      suite.test("a web stream as source", [], async (bed) => {
        await bed.expectRefused("UNSUPPORTED", { stdin: new ReadableStream() });
      });
    }
    if (!suite.can("stdin")) {
      suite.test("a source", [], async (bed) => {
        await bed.expectRefused("UNSUPPORTED", { stdin: new Uint8Array(1), stdout: () => {} });
      });
    }
    if (!suite.can("terminal")) {
      suite.test("a terminal", [], async (bed) => {
        await bed.expectRefused("UNSUPPORTED", { stdout: () => {}, terminal: true });
      });
    }
  });
}

async function withFD(mode: "r" | "w", run: (fd: number) => Promise<unknown>): Promise<void> {
  const fd = openSync("/dev/null", mode);
  try {
    await run(fd);
  } finally {
    closeSync(fd);
  }
}
