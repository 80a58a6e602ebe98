/**
 * A name as docker's and nerdctl's users write it, as containerd has it: `busybox` is
 * `docker.io/library/busybox:latest`. A digest stays as it is.
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
