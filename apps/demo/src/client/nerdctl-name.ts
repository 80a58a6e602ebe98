import type { Container } from "@taskio/containerd";
import { foreignLabels } from "./labels.ts";

/** What nerdctl's user named a container; an empty label is no name. */
export function nerdctlName({ labels }: Pick<Container, "labels">): string | undefined {
  return labels[foreignLabels.nerdctlName] || undefined;
}
