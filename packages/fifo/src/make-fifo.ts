import { createRequire } from "node:module";
import { TaskIOError } from "@taskio/core";
import { cString, libc } from "./libc.ts";

/** Makes a FIFO; gives the errno of mkfifo(3), 0 when it is made. */
export type MkfifoProvider = (path: string, mode: number) => number | Promise<number>;

/** mkfifo(3) by FFI. */
export const ffiProvider: MkfifoProvider = (path, mode) =>
  libc().mkfifo(cString(path), mode) === 0 ? 0 : libc().errno();

/**
 * mkfifo(3) by the package `mkfifo`, an optional dependency whose addon is compiled at install, which
 * Bun skips for packages that are not trusted. Undefined where it is not built.
 */
export function addonProvider(
  load: () => unknown = () => createRequire(import.meta.url)("mkfifo"),
): MkfifoProvider | undefined {
  try {
    const { mkfifo } = load() as typeof import("mkfifo");
    return (path, mode) =>
      new Promise((resolve) => mkfifo(path, mode, (error) => resolve(errnoOf(error))));
  } catch {
    return undefined;
  }
}

function errnoOf(error: unknown): number {
  return (error as { errno?: number } | null | undefined)?.errno ?? 0;
}

let provider: MkfifoProvider | undefined;

/**
 * Makes a FIFO, by the `mkfifo` package where it is built, else by FFI.
 *
 * @param mode permission bits, lowered by the umask
 * @throws TaskIOError by errno: `IN_USE` for EEXIST, `NOT_FOUND` for ENOENT, `PERMISSION`, …
 */
export async function makeFIFO(path: string, mode: number, by = defaultProvider()): Promise<void> {
  const errno = await by(path, mode);
  if (errno === 0) return;
  throw TaskIOError.fromErrno(errno, { doing: `make the FIFO "${path}"`, syscall: "mkfifo", path });
}

function defaultProvider(): MkfifoProvider {
  return (provider ??= addonProvider() ?? ffiProvider);
}
