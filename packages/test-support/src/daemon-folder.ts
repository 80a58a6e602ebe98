import { lstatSync, mkdtempSync, readdirSync, realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTimeOf } from "./leftovers/process-table.ts";

/** Where the parts of a daemon are in its folder. */
export interface DaemonFolder {
  readonly path: string;
  readonly address: string;
  readonly config: string;
  readonly log: string;
  /** The arguments of each shim that was started, one a line. */
  readonly shims: string;
  /** In which cgroups the daemon is, as `/proc/<pid>/cgroup` has it. */
  readonly cgroups: string;
  readonly root: string;
  readonly state: string;
  readonly runcRoot: string;
  /** Goes before the rest of `$PATH`. */
  readonly bin: string;
  readonly rootfs: string;
  readonly fifoDir: string;
}

const prefix = "taskio-containerd-";

/**
 * Makes one. Its name tells which process it is of: by PID namespace, as another container may have the
 * same temp folder, by pid, and by start time, as pids come again.
 */
export function makeDaemonFolder(): DaemonFolder {
  const owner = `${pidNamespace()}-${process.pid}-${startTimeOf(process.pid)}`;
  return daemonFolder(mkdtempSync(join(parent(), `${prefix}${owner}-`)));
}

/** The parts of one that is there. */
export function daemonFolder(path: string): DaemonFolder {
  return {
    path,
    address: join(path, "containerd.sock"),
    config: join(path, "config.toml"),
    log: join(path, "log"),
    shims: join(path, "shims"),
    cgroups: join(path, "cgroups"),
    root: join(path, "root"),
    state: join(path, "state"),
    runcRoot: join(path, "runc"),
    bin: join(path, "bin"),
    rootfs: join(path, "rootfs"),
    fifoDir: join(path, "fifo"),
  };
}

/** The folders whose process is no more; of this user and this PID namespace, others can't be judged. */
export function abandonedFolders(): DaemonFolder[] {
  const name = new RegExp(`^${prefix}${pidNamespace()}-(\\d+)-(\\d+)-`);
  return readdirSync(parent()).flatMap((entry) => {
    const [, pid, startTime] = name.exec(entry) ?? [];
    if (!pid || startTimeOf(Number(pid)) === startTime) return [];
    const path = join(parent(), entry);
    return isOwn(path) ? [daemonFolder(path)] : [];
  });
}

/** Anybody can make a folder of such a name in the temp folder, and root would do what it says. */
function isOwn(path: string): boolean {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return false;
  return entry.uid === process.geteuid?.() && (entry.mode & 0o777) === 0o700;
}

/** As its inode. See pid_namespaces(7). */
function pidNamespace(): number {
  return statSync("/proc/self/ns/pid").ino;
}

/** As the kernel names it among the mounts. */
function parent(): string {
  return realpathSync(tmpdir());
}
