import type { Daemon } from "@taskio/test-support";
import { packAny, OptionsSchema } from "../../src/proto.ts";
import type { NewContainer, OCIProcess } from "../../src/index.ts";

/** A process that runs a command of busybox. */
export function command(args: readonly string[], terminal = false): OCIProcess {
  return { args, terminal, cwd: "/", env: ["PATH=/bin"], user: { uid: 0, gid: 0 } };
}

/** A container that runs a command of busybox. */
export function container(
  daemon: Daemon,
  id: string,
  args: readonly string[],
  terminal = false,
): NewContainer {
  const pty = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"];
  return {
    id,
    runtimeOptions: packAny(OptionsSchema, { root: daemon.runcRoot }),
    spec: {
      ociVersion: "1.0.2",
      process: command(args, terminal),
      root: { path: daemon.rootfs },
      mounts: [
        { destination: "/proc", type: "proc", source: "proc" },
        { destination: "/dev", type: "tmpfs", source: "tmpfs" },
        { destination: "/dev/pts", type: "devpts", source: "devpts", options: pty },
      ],
      linux: { namespaces: ["pid", "mount", "ipc", "uts"].map((type) => ({ type })) },
    },
  };
}
