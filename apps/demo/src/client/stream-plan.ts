import { isAbsolute } from "node:path";
import { invalid } from "../cli/invalid.ts";
import type { RunOptions } from "../commands/run.ts";

/**
 * Where the streams of a new task go: to us, to a hub of its own, into FIFOs that wait for an attach,
 * nowhere, or where a URI says.
 */
export type StreamPlan =
  | { readonly kind: "attached" }
  | { readonly kind: "hub" }
  | { readonly kind: "held" }
  | { readonly kind: "null" }
  | { readonly kind: "uri"; readonly uri: string };

/** @throws TaskIOError `INVALID_ARGUMENT` for options that don't go together */
export function planStreams({ io, interactive, tty, detach, rm }: RunOptions): StreamPlan {
  if (detach && rm) {
    throw invalid("-d and --rm can't be given together: nobody would be there to remove the task");
  }
  const plan = parseIO(io, Boolean(detach));
  if (plan.kind !== "null" && plan.kind !== "uri") return plan;
  if (interactive) throw invalid(`-i needs streams to attach to: it can't go with --io ${io}`);
  if (tty && (plan.kind === "null" || /^file:/i.test(plan.uri))) {
    throw invalid(`-t can't go with --io ${io}: use "fifo" or "binary:///PATH" for a terminal`);
  }
  return plan;
}

function parseIO(io: string | undefined, detach: boolean): StreamPlan {
  if (io === undefined && detach) return { kind: "hub" };
  if (io === undefined || io === "fifo") return { kind: detach ? "held" : "attached" };
  if (io === "null") return { kind: "null" };
  const path = /^(?:file|binary|binary-v2):\/\/([^?]*)/i.exec(io)?.[1];
  if (path && isAbsolute(path)) return { kind: "uri", uri: io };
  throw invalid(`invalid --io "${io}": give "fifo", "null", "file:///PATH" or "binary:///PATH"`);
}
