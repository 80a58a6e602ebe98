import { TaskIOError } from "@taskio/core";
import { checkNoNUL, checkText } from "./check-text.ts";
import { cleanPath } from "./clean-path.ts";
import { encodeQuery } from "./encode-query.ts";
import { escapePath } from "./escape.ts";
import type { LogArgs } from "./log-args.ts";

const scheme3986 = /^[A-Za-z][A-Za-z0-9+.-]*$/;

/**
 * The log URI `scheme:///path?key=value`, byte for byte as containerd's Go client writes it: the
 * path cleaned (`//x/../y/` is `/y`) and escaped, the query sorted by the keys' UTF-8 and escaped.
 * Go: `cio.LogURIGenerator`, followed by `String()`.
 *
 * What a runtime makes of a scheme is its own affair: the runc shim knows `file`, `binary` and,
 * since containerd 2.3, `binary-v2`.
 *
 * @param scheme as in RFC 3986; printed as given, so `FILE` stays `FILE`
 * @param path absolute, with `/` on every platform, not escaped: `/a b`, not `/a%20b`
 * @param args none, and an empty object, give no `?`
 * @throws TaskIOError `INVALID_ARGUMENT` for a scheme that is none, a path that is relative or has
 *   a NUL byte, args that are no object of strings, and half a surrogate pair anywhere (it is not
 *   replaced with U+FFFD, as `TextEncoder` does: that would name another file)
 *
 * @example
 * ```ts
 * import { logURIGenerator } from "@taskio/log-file";
 *
 * const uri = logURIGenerator("binary", "/usr/bin/logger", { tag: "web 1" });
 * console.log(uri); // binary:///usr/bin/logger?tag=web+1
 * ```
 */
export function logURIGenerator(scheme: string, path: string, args: LogArgs = {}): string {
  checkScheme(scheme);
  checkPath(path);
  const query = encodeQuery(args);
  return `${scheme}://${escapePath(cleanPath(path))}${query && `?${query}`}`;
}

function checkScheme(scheme: string): void {
  checkText(scheme, "log URI scheme");
  if (scheme3986.test(scheme)) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid log URI scheme ${JSON.stringify(scheme)}: use a letter, then letters, digits, "+", ` +
      '"-" or ".", such as "file"',
  );
}

function checkPath(path: string): void {
  checkText(path, "log path");
  checkNoNUL(path, "log path");
  if (path.startsWith("/")) return;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `log path ${JSON.stringify(path)} must be absolute: start it with "/"`,
    { path },
  );
}
