import { TaskIOError } from "@taskio/core";

/** The variable that names containerd's socket, as for `ctr`. */
export const addressVariable = "CONTAINERD_ADDRESS";

const defaultAddress = "/run/containerd/containerd.sock";

/**
 * The path of the socket: what was given, else `$CONTAINERD_ADDRESS`, else containerd's default.
 *
 * @throws TaskIOError `INVALID_ARGUMENT` unless it is an absolute path or a `unix://` URI
 */
export function resolveAddress(given: string | undefined, env = process.env): string {
  const address = given || env[addressVariable] || defaultAddress;
  const path = address.replace(/^unix:(?:\/\/)?/, "");
  if (path.startsWith("/") && !path.includes("\0")) return path;
  throw new TaskIOError(
    "INVALID_ARGUMENT",
    `invalid address ${JSON.stringify(address)}: give the absolute path of a Unix socket, ` +
      `as the option address or as $${addressVariable}`,
  );
}
