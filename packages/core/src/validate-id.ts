import { TaskIOError } from "./error.ts";

const identifier = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;
const maxLength = 76;

/**
 * Throws `INVALID_ID` unless `id` is a containerd identifier: letters and digits with single `.`,
 * `_` or `-` between them, at most 76 characters (containerd's `pkg/identifiers`).
 *
 * @example
 * ```ts
 * import { validateID } from "@taskio/core";
 *
 * validateID("web-1.old"); // fine
 * ```
 */
export function validateID(id: string): void {
  if (typeof id === "string" && id.length <= maxLength && identifier.test(id)) return;
  throw new TaskIOError(
    "INVALID_ID",
    `invalid id ${JSON.stringify(id)}: use letters and digits with single ".", "_" or "-" ` +
      `between them, at most ${maxLength} characters`,
  );
}
