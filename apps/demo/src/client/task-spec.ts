import type { Mount, OCIProcess, OCISpec, SpecContainer, SpecOpt } from "@taskio/containerd";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The OCI spec of a task on the embedded runtime: a plain process of this system. */
export function hostSpec(process: OCIProcess): OCISpec {
  return { ociVersion: "1.0.2", process, root: { path: "/" } };
}

/** For containerd: this system's folders and network, and else a container of its own. */
export function containerSpec(
  { process, spec: opts }: { readonly process: OCIProcess; readonly spec: readonly SpecOpt[] },
  container: SpecContainer,
): OCISpec {
  const set = capabilities.map((name) => `CAP_${name}`);
  const spec: OCISpec = {
    ociVersion: "1.0.2",
    process: {
      ...process,
      user: { uid: 0, gid: 0 },
      capabilities: { bounding: set, effective: set, permitted: set },
    },
    root: { path: "rootfs" },
    mounts: [...hostFolders().map(bind), ...own],
    linux: { namespaces: ["pid", "ipc", "uts", "mount"].map((type) => ({ type })) },
  };
  for (const opt of opts) opt(spec, { ...container, layers: ["/"] }); // where it finds its users
  return spec;
}

/** The root of a {@link containerSpec}: only mount points are made in it. */
export const emptyRootfs: readonly Mount[] = [
  { type: "tmpfs", source: "tmpfs", options: ["mode=0755", "size=64k"] },
];

/** What every container has of its own; terminals need a /dev that is theirs. */
const own = [
  mount("/proc", "proc", "nosuid,noexec,nodev"),
  mount("/dev", "tmpfs", "nosuid,strictatime,mode=755,size=65536k"),
  mount("/dev/pts", "devpts", "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5"),
  mount("/dev/shm", "tmpfs", "nosuid,noexec,nodev,mode=1777,size=65536k"),
  mount("/dev/mqueue", "mqueue", "nosuid,noexec,nodev"),
];

function mount(destination: string, type: string, options: string) {
  return { destination, type, source: type, options: options.split(",") };
}

/** As containerd gives them by default. */
const capabilities =
  "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE".split(
    " ",
  );

/** The folders in `/`, those behind links too. The root itself can't be shared: nothing could unmount it. */
function hostFolders(): string[] {
  return readdirSync("/").filter((name) => {
    const stats = statSync(join("/", name), { throwIfNoEntry: false });
    return !["dev", "proc"].includes(name) && stats?.isDirectory();
  });
}

function bind(name: string) {
  return { destination: `/${name}`, type: "bind", source: `/${name}`, options: ["rbind", "rw"] };
}
