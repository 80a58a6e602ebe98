import type { Config } from "@taskio/core";
import { TaskIOError } from "@taskio/core";

/** What a stream's path asks for. */
export type Target =
  | { readonly kind: "none" }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "logger"; readonly uri: URL };

/** A process's streams by what they ask for. */
export interface Targets {
  readonly stdin: Target;
  readonly stdout: Target;
  readonly stderr: Target;
}

/**
 * Sorts a Config's streams, and refuses what the runc shim fails, hangs or panics on.
 *
 * @throws TaskIOError `INVALID_CONFIG`
 */
export function checkConfig(config: Config): Targets {
  const stdin = checkStdin(config.stdin);
  const stdout = output(config.stdout, "stdout");
  if (config.terminal) return { stdin, stdout: checkTerminal(stdout), stderr: { kind: "none" } };
  if (stdout.kind === "file" || stdout.kind === "logger") return { stdin, stdout, stderr: stdout };
  const stderr = output(config.stderr, "stderr");
  if (stderr.kind === "file" || stderr.kind === "logger") {
    throw invalid(`stderr "${config.stderr}" is a log URI: give it as stdout, which takes both`);
  }
  if (stdout.kind !== stderr.kind) {
    throw invalid(
      "stdout and stderr go together: give both or neither, /dev/null for one not wanted",
    );
  }
  if (stdout.kind === "none" && stdin.kind !== "none") {
    throw invalid("stdin alone can't be: give /dev/null as stdout and stderr");
  }
  return { stdin, stdout, stderr };
}

function checkStdin(path: string): Target {
  if (path === "/dev/null") return { kind: "none" };
  if (path.includes("://"))
    throw invalid(`stdin "${path}" is a URI: only a FIFO's path can be read`);
  return target(path, "stdin");
}

function checkTerminal(stdout: Target): Target {
  if (stdout.kind === "none")
    throw invalid("a terminal needs a stdout: a FIFO or a logging binary");
  if (stdout.kind === "file") {
    throw invalid(
      `a terminal's output can't go to file://${stdout.path}: use a FIFO or a logging binary`,
    );
  }
  return stdout;
}

function output(path: string, name: string): Target {
  if (!path.includes("://")) return target(path, name);
  const uri = parseURL(path, name);
  switch (uri.protocol) {
    case "file:":
      return { kind: "file", path: decodeURIComponent(uri.pathname) }; // parseURL has tried it
    case "binary:":
    case "binary-v2:":
      return { kind: "logger", uri };
    case "fifo:":
      throw invalid(`${name} "${path}": give the FIFO's path without "fifo://"`);
    default:
      throw invalid(`unknown STDIO scheme ${uri.protocol.slice(0, -1)} in ${name} "${path}"`);
  }
}

function parseURL(text: string, name: string): URL {
  const uri = URL.parse(text);
  if (!uri?.pathname.startsWith("/"))
    throw invalid(`${name} "${text}" is no URI with an absolute path`);
  if (uri.host) throw invalid(`${name} "${text}" names a host: write ${uri.protocol}///path`);
  if (!isDecodable(uri.href)) {
    throw invalid(
      `${name} "${text}" has a "%" that begins no UTF-8 character: write %25 for itself`,
    );
  }
  if (uri.href.includes("%00")) throw invalid(`${name} "${text}" has a NUL byte`);
  return uri;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function target(path: string, name: string): Target {
  if (path === "") return { kind: "none" };
  if (path.startsWith("/")) return { kind: "path", path };
  throw invalid(`${name} "${path}" must be an absolute path`);
}

function invalid(message: string): TaskIOError {
  return new TaskIOError("INVALID_CONFIG", message);
}
