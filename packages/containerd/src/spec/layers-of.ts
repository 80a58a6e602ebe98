import type { Mount } from "../mount.ts";

/**
 * The folders on this machine that mounts of a snapshot put together, the topmost first; undefined
 * where a mount is of another kind, such as a block device.
 */
export function layersOf(mounts: readonly Mount[]): string[] | undefined {
  const [mount] = mounts;
  if (!mount || mounts.length > 1) return undefined;
  if (mount.type === "bind") return [mount.source];
  if (mount.type !== "overlay") return undefined;
  const value = (name: string) =>
    mount.options?.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const lower = value("lowerdir")?.split(":") ?? [];
  const layers = [value("upperdir"), ...lower].filter((path) => path !== undefined);
  return layers.every((path) => path.startsWith("/")) ? layers : undefined;
}
