import type { Sink } from "@taskio/core";
import { constants, openSync } from "node:fs";

/** Makes what the bench calls a sink. Chunks of those in the program go to `count`. */
export function openSink(sink: string, count: (chunk: Uint8Array) => void): Sink {
  const [kind, path = ""] = sink.split("=");
  switch (kind) {
    case "null":
      return openSync("/dev/null", "w");
    case "pipe":
      return openSync(path, constants.O_WRONLY);
    case "file":
      return openSync(path, "w");
    case "append":
      return openSync(path, "a");
    case "count":
      return count;
    case "stream":
      return new WritableStream({ write: count });
    default:
      throw new Error(`no sink "${sink}"`);
  }
}
