import { Code, ConnectError } from "@connectrpc/connect";
import type { Container } from "@taskio/containerd/proto";

/** Fields that an update may change, by their names in a mask. */
const fields = {
  labels: "labels",
  image: "image",
  spec: "spec",
  extensions: "extensions",
  snapshot_key: "snapshotKey",
} as const;

/**
 * Changes a container as an update's mask says: whole fields, and single entries of `labels` and
 * `extensions`. No mask means all that may change.
 *
 * @throws ConnectError `InvalidArgument`
 */
export function applyContainerMask(
  container: Container,
  given: Container,
  paths: readonly string[],
): void {
  for (const path of paths.length > 0 ? paths : Object.keys(fields)) {
    const [field, ...rest] = path.split(".");
    const key = rest.join(".");
    if (key && field === "labels") replace(container.labels, given.labels, key);
    else if (key && field === "extensions") replace(container.extensions, given.extensions, key);
    else if (path in fields) {
      const name = fields[path as keyof typeof fields];
      Object.assign(container, { [name]: given[name] });
    } else throw new ConnectError(`cannot update the field "${path}"`, Code.InvalidArgument);
  }
}

/** Sets an entry to the new one, and removes it where there is no new one. */
export function replace<T>(
  entries: Record<string, T>,
  given: Record<string, T>,
  key: string,
): void {
  const value = given[key];
  if (value === undefined || value === "") delete entries[key];
  else entries[key] = value;
}
