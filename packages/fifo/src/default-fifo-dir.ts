import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TaskIOError } from "@taskio/core";

/**
 * The folder that FIFO folders are made in when no option says otherwise: `/run/containerd/fifo` for
 * root (Go: `defaults.DefaultFIFODir`), else `$XDG_RUNTIME_DIR/containerd/fifo`, else a folder of the
 * user's own under the temp folder, which is made here.
 *
 * @throws TaskIOError `PERMISSION` when that last folder is somebody else's, or open to others
 *
 * @example
 * ```ts
 * import { defaultFIFODir } from "@taskio/fifo";
 *
 * console.log(defaultFIFODir());
 * ```
 */
export function defaultFIFODir(uid = process.geteuid!(), env = process.env): string {
  if (uid === 0) return "/run/containerd/fifo";
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, "containerd", "fifo");
  return ownFolder(join(env.TMPDIR || tmpdir(), `containerd-fifo-${uid}`), uid);
}

/** In a folder that all can write to, a name can be taken by somebody else first. */
function ownFolder(path: string, uid: number): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stats = lstatSync(path);
  if (stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0) return path;
  throw new TaskIOError(
    "PERMISSION",
    `"${path}" is not a folder of your own with mode 0700: remove it, set XDG_RUNTIME_DIR, or give withFIFODir`,
    { path },
  );
}
