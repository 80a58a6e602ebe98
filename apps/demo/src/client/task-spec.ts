import {
  type Mount,
  newSpec,
  type OCIProcess,
  type OCISpec,
  type SpecContainer,
  type SpecOpt,
  withHostNamespace,
} from "@taskio/containerd";
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
  const usual = newSpec(container, withHostNamespace("network"));
  const { user, capabilities } = usual.process!;
  const { namespaces, cgroupsPath } = usual.linux!;
  const folders = hostFolders().map(bind);
  const shared = new Set(folders.map(({ destination }) => destination));
  const own = usual.mounts!.filter(({ destination }) => !shared.has(destination));
  const spec: OCISpec = {
    ociVersion: usual.ociVersion,
    process: { ...process, user, capabilities },
    root: usual.root!,
    mounts: [...folders, ...own],
    linux: { namespaces, cgroupsPath },
  };
  for (const opt of opts) opt(spec, { ...container, layers: ["/"] }); // where it finds its users
  return spec;
}

/** The root of a {@link containerSpec}: only mount points are made in it. */
export const emptyRootfs: readonly Mount[] = [
  { type: "tmpfs", source: "tmpfs", options: ["mode=0755", "size=64k"] },
];

/**
 * The folders in `/`, those behind links too; terminals need a /dev that is the container's. The root
 * itself can't be shared: nothing could unmount it.
 */
function hostFolders(): string[] {
  return readdirSync("/").filter((name) => {
    const stats = statSync(join("/", name), { throwIfNoEntry: false });
    return !["dev", "proc"].includes(name) && stats?.isDirectory();
  });
}

function bind(name: string) {
  return { destination: `/${name}`, type: "bind", source: `/${name}`, options: ["rbind", "rw"] };
}
