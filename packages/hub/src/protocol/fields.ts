import { TaskIOError } from "@taskio/core";

/** A message as it comes: what its fields are is not known yet. */
export type Fields = Readonly<Record<string, unknown>> & { readonly type: string };

/** @throws TaskIOError `INVALID_ARGUMENT` when the line is no message */
export function parseFields(line: string): Fields {
  const fields = parse(line);
  if (isObject(fields) && typeof fields.type === "string") return fields as Fields;
  throw malformed(line);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw malformed(line);
  }
}

function malformed(line: string): TaskIOError {
  const start = JSON.stringify(line.slice(0, 100));
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `the line ${start} is no message: send a JSON object with a "type"`,
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number, 0 or more. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The error of a message whose field is wrong. */
export function wrongField(type: string, field: string, value: unknown): TaskIOError {
  return new TaskIOError(
    "INVALID_ARGUMENT",
    `${field} of the message "${type}" is ${JSON.stringify(value)}: see the table of messages`,
  );
}
