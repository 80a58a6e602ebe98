import type { Config } from "@taskio/core";
import { findFIFO, type FoundFIFO } from "@taskio/fifo/holders";
import { isFIFOPath } from "./is-fifo-path.ts";

/** The outputs of a process that are FIFOs and are there. What is wrong with others is told by an attach. */
export function findOutputs({ stdout, stderr }: Config): FoundFIFO[] {
  return [stdout, stderr].filter(isFIFOPath).flatMap((path) => {
    try {
      return findFIFO(path);
    } catch {
      return [];
    }
  });
}
