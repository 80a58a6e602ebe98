import { TaskIOError } from "@taskio/core";
import { writeSync } from "node:fs";
import { OutputClosed } from "./outcome.ts";

/** Writes to stdout, all of it, before it returns. */
export function print(data: string | Uint8Array): void {
  writeAll(1, typeof data === "string" ? Buffer.from(data) : data);
}

/** As {@link print}, to stdout or stderr. */
export function write(fd: 1 | 2, data: Uint8Array): void {
  writeAll(fd, data);
}

/** Prints lines. */
export function printLines(...lines: string[]): void {
  print(lines.map((line) => `${line}\n`).join(""));
}

/** Says something on stderr that is no output: an error, or what can be done next. */
export function tell(message: string): void {
  try {
    writeAll(2, Buffer.from(`taskio: ${message}\n`));
  } catch {} // nobody listens
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") throw new OutputClosed("nobody reads the output", { cause: error });
      if (code !== "EAGAIN") throw TaskIOError.from(error, "SINK_FAILED", "write the output");
      Bun.sleepSync(5); // a pipe that somebody made non-blocking, and that is full
    }
  }
}
