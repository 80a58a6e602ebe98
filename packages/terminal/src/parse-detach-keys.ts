import { TaskIOError } from "@taskio/core";

/**
 * Docker's and nerdctl's detach keys: `"ctrl-p,ctrl-q"`.
 *
 * @example
 * ```ts
 * import { defaultDetachKeys } from "@taskio/terminal";
 *
 * console.log(`leave with ${defaultDetachKeys}`);
 * ```
 */
export const defaultDetachKeys = "ctrl-p,ctrl-q";

const controls = "@abcdefghijklmnopqrstuvwxyz[\\]^_"; // the bytes 0 to 31 in order

/**
 * The bytes that detach keys are sent as, from docker's syntax: keys with commas between, each one
 * ASCII character, or `ctrl-` with one of `a`-`z @ [ \ ] ^ _`, or `DEL`. `""` is no keys at all.
 * moby: `term.ToBytes`.
 *
 * @throws TaskIOError `INVALID_ARGUMENT`, naming the key
 *
 * @example
 * ```ts
 * import { parseDetachKeys } from "@taskio/terminal";
 *
 * console.log(parseDetachKeys("ctrl-p,ctrl-q")); // Uint8Array(2) [ 16, 17 ]
 * ```
 */
export function parseDetachKeys(keys: string): Uint8Array {
  if (typeof keys !== "string") {
    throw new TaskIOError(
      "INVALID_ARGUMENT",
      `detach keys are of type ${typeof keys}: give a string`,
    );
  }
  if (keys === "") return new Uint8Array(0);
  return Uint8Array.from(keys.split(","), (key) => byteOf(key) ?? refuse(key, keys));
}

function byteOf(key: string): number | undefined {
  if (key === "DEL") return 127;
  if (key.length === 1) return key.charCodeAt(0) < 128 ? key.charCodeAt(0) : undefined;
  const control = key.length === 6 && key.startsWith("ctrl-") ? controls.indexOf(key[5]!) : -1;
  return control < 0 ? undefined : control;
}

function refuse(key: string, keys: string): never {
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid detach key ${JSON.stringify(key)} in ${JSON.stringify(keys)}: write one ASCII ` +
      'character, "DEL", or "ctrl-" with one of a-z @ [ \\ ] ^ _',
  );
}
