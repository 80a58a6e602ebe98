/**
 * A name as docker's and nerdctl's users write it, as containerd has it: `busybox` is
 * `docker.io/library/busybox:latest`. A digest stays as it is. Nothing is checked.
 *
 * @example
 * ```ts
 * import { fullReference } from "@taskio/containerd";
 *
 * console.log(fullReference("busybox")); // docker.io/library/busybox:latest
 * console.log(fullReference("ghcr.io/me/web:2")); // ghcr.io/me/web:2
 * ```
 */
export function fullReference(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const registry = hasRegistry && first !== "index.docker.io" ? first : "docker.io";
  const path = hasRegistry ? rest.join("/") : name;
  const inLibrary = registry === "docker.io" && !path.includes("/") ? "library/" : "";
  const tag = /[:@]/.test(path) ? "" : ":latest";
  return `${registry}/${inLibrary}${path}${tag}`;
}
