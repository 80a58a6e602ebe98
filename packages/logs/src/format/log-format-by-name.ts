import { TaskIOError } from "@taskio/core";
import { criFormat } from "./cri-format.ts";
import { jsonFileFormat } from "./json-file-format.ts";
import type { LogFormat } from "./log-format.ts";
import { rawFormat } from "./raw-format.ts";

const formats: readonly LogFormat[] = [criFormat, jsonFileFormat, rawFormat];

/**
 * The format of that name, such as a user typed it: `cri`, `json-file` or `raw`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` for a name that none of the three has
 *
 * @example
 * ```ts
 * import { logFormat } from "@taskio/logs";
 *
 * console.log(logFormat("json-file").framed); // true
 * ```
 */
export function logFormat(name: string): LogFormat {
  const found = formats.find((format) => format.name === name);
  if (found !== undefined) return found;
  const names = formats.map((format) => JSON.stringify(format.name)).join(", ");
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `unknown log format ${JSON.stringify(name)}: use one of ${names}`,
  );
}
