import { isAbsolute } from "node:path";
import { type OutputName, outputNames } from "../output-name.ts";
import type { TerminalSize } from "../terminal-size.ts";
import { type Fields, isCount, isObject, parseFields, wrongField } from "./fields.ts";

/** An output that a viewer wants. */
export interface WantedOutput {
  /** Of the FIFO to write it to, which the viewer reads. */
  readonly path: string;
  /** How much of what was written before is wanted, in bytes. As much as there is by default. */
  readonly replay?: number | undefined;
}

/** A viewer's first message: the streams that it wants. */
export interface AttachMessage extends Partial<Record<OutputName, WantedOutput>> {
  readonly type: "attach";
  readonly version: number;
  /** Asks for the task's stdin: the path of the FIFO that the viewer writes. */
  readonly stdin?: { readonly path: string };
}

/** All that a viewer sends. */
export type ViewerMessage =
  | AttachMessage
  /** The task's stdin is to end after what was written. */
  | { readonly type: "end"; readonly stream: "stdin" }
  | ({ readonly type: "resize" } & TerminalSize);

/**
 * A line that a viewer sent; undefined for a message that this version does not know.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`
 */
export function decodeViewerMessage(line: string): ViewerMessage | undefined {
  const fields = parseFields(line);
  if (fields.type === "attach") return attachMessage(fields);
  if (fields.type === "end") return { type: "end", stream: "stdin" };
  if (fields.type === "resize") {
    return { type: "resize", width: count(fields, "width"), height: count(fields, "height") };
  }
  return undefined;
}

function attachMessage(fields: Fields): AttachMessage {
  const outputs = outputNames.flatMap((name) => {
    const wanted = stream(fields, name);
    return wanted ? [[name, { ...wanted, replay: replay(fields, name) }] as const] : [];
  });
  const stdin = stream(fields, "stdin");
  return {
    type: "attach",
    version: count(fields, "version"),
    ...(stdin && { stdin }),
    ...Object.fromEntries(outputs),
  };
}

function stream(fields: Fields, name: string): { path: string } | undefined {
  const wanted = fields[name];
  if (wanted === undefined) return undefined;
  if (isObject(wanted) && typeof wanted.path === "string" && isAbsolute(wanted.path)) {
    return { path: wanted.path };
  }
  throw wrongField(fields.type, name, wanted);
}

function replay(fields: Fields, name: OutputName): number | undefined {
  const { replay } = fields[name] as { replay?: unknown };
  if (replay === undefined || isCount(replay)) return replay;
  throw wrongField(fields.type, `${name}.replay`, replay);
}

function count(fields: Fields, name: string): number {
  const value = fields[name];
  if (isCount(value)) return value;
  throw wrongField(fields.type, name, value);
}
