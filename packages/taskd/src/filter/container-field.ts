import type { Container } from "@taskio/containerd/proto";
import type { FieldOf } from "./parse-filters.ts";

/** The fields of a container that filters may name, as in containerd. */
export function containerField(container: Container): FieldOf {
  return ([first, ...rest]) => {
    switch (first) {
      case "id":
        return container.id;
      case "runtime":
        return rest[0] === "name" ? container.runtime?.name : undefined;
      case "image":
        return container.image || undefined;
      case "labels":
        return container.labels[rest.join(".")];
      default:
        return undefined;
    }
  };
}
