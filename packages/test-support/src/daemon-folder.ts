import { mkdtempSync, readdirSync, realpathSync } from "node:fs";
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

/** Makes one. Its name tells which process it is of, by pid and start time: pids come again. */
export function makeDaemonFolder(): DaemonFolder {
  const owner = `${process.pid}-${startTimeOf(process.pid)}`;
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

/** The folders whose process is no more. */
export function abandonedFolders(): DaemonFolder[] {
  const name = new RegExp(`^${prefix}(\\d+)-(\\d+)-`);
  return readdirSync(parent()).flatMap((entry) => {
    const [, pid, startTime] = name.exec(entry) ?? [];
    if (!pid || startTimeOf(Number(pid)) === startTime) return [];
    return [daemonFolder(join(parent(), entry))];
  });
}

/** As the kernel names it among the mounts. */
function parent(): string {
  return realpathSync(tmpdir());
}
